"""The sample data of the demo, and the applications that its tests run on."""
