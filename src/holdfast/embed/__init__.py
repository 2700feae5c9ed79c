"""The booking pages inside other sites' pages: who may, by which script, with which cookies."""
