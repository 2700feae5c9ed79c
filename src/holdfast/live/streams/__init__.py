"""What happens in an organization, told as it happens to whoever may know (docs/algorithms/streams.md)."""
