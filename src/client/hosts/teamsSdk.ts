/** The parts of teams-js that are used; without this module the whole library would be loaded. */
export { app, authentication, nestedAppAuth } from '@microsoft/teams-js';
