"""The booking that holds: places decided by the engine, claimed under the constraint, races settled."""
