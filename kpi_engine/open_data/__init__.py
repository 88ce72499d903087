"""What a city gives to everybody: its open figures as tables, as a page, and in a catalogue."""
