/** The end of a sign-in that a host opened: nothing to hand over, the host asks again by itself. */
window.close();
