"""Who serves: chosen by the service's policy, remembered with its reason, changed by staff."""
