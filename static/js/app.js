// Enhancements only: every page works without this file.

// The error summary, or what an act left behind, takes focus (browsers that know autofocus on any element have done it already).
document.querySelector(".ds-error-summary, .ds-messages, #apercu")?.focus();
