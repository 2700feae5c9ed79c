"""What a business is and sells: organization, services, requirements, resources, teams, hours, closures."""
