"""What decoders of other people's formats share: documents read whatever they hold, their fields by path, instants."""
