"""The panels of the page, one module each: `build(document, …)` works out what a panel says, its template sets it."""
