"""What is free, and why: a wish becomes a question, the engine answers it from a plan and what is busy."""
