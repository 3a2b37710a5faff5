/** A tab that is signed in by TeamsFx alone; what came of it stands in the page. */
import { TeamsUserCredential } from '@microsoft/teamsfx';

const { clientId, origin } = document.body.dataset;
const credential = new TeamsUserCredential({ clientId, initiateLoginEndpoint: `${origin}/sign-in/start` });

async function outcomeOf(work) {
  try {
    return await work();
  } catch (error) {
    return { refused: error.code ?? String(error) };
  }
}

const result = {
  user: await outcomeOf(() => credential.getUserInfo()),
  own: await outcomeOf(async () => (await credential.getToken(''))?.token),
  graph: await outcomeOf(() => credential.getToken('User.Read')),
};
const shown = document.createElement('pre');
shown.id = 'result';
shown.textContent = JSON.stringify(result);
document.body.append(shown);
