/** Where Microsoft lets people take back what they granted to an app. */
export const MY_APPS = 'https://myapps.microsoft.com';
