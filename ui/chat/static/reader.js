// Filled in below.
export function startReader() {}
