"""Where stored inputs of ports are read: one module for each kind of key, each exports one ``SOURCE``."""
