// Enhancements only: every page works without this file.

// The error summary, or what an act left behind, takes focus (browsers that know autofocus on any element have done it already).
document.querySelector(".ds-error-summary, .ds-messages, #apercu")?.focus();

// "Copy this link": a button beside the address, where the clipboard can be reached.
if (navigator.clipboard) {
  for (const box of document.querySelectorAll("[data-copy]")) {
    const address = box.querySelector("input");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fr-btn fr-btn--secondary";
    button.textContent = box.dataset.copyLabel;
    const said = document.createElement("span");
    said.className = "fr-sr-only";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(address.value);
      } catch {
        address.select();
        return;
      }
      button.textContent = said.textContent = box.dataset.copiedLabel;
      setTimeout(() => {
        button.textContent = box.dataset.copyLabel;
        said.textContent = "";
      }, 3000);
    });
    box.append(button, said);
  }
}
