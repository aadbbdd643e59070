"""The commands: a file each, by name, with what click is told in `command`."""
