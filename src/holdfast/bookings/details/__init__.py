"""What a booking says of its people: answers, attendees, columns, facts for pages and mails."""
