/** The chats that the documentation deletes: the first its pages, the second the README. */
export const welcome = `
# Delete me: I was made to be forgotten
Lethe: Welcome! This chat exists to be deleted. Nothing of it is worth keeping, so take your time and then press Delete.
You: What happens when I do?
Lethe: It closes at once, for every tab and every program. The messages are erased, and what stays is one line in a ledger: which chat, when, by whom, how many messages. No content.
You: Can I get it back?
Lethe: No. That is the point. Not through the dashboard, not through the API, not by asking nicely.
You: And if somebody is reading it at that moment?
Lethe: Then Lethe says so first. Open this chat in a second tab and delete it in the first one: you will be told that a connection is open, and you can wait or disconnect it.
You: Why the name?
Lethe: In the old stories Lethe is the river that the dead drink from to forget. Here the cup is in your hand.

# Delete me from a terminal
Lethe: One curl of the README deletes this chat, and nothing else needs it.
You: What comes back?
Lethe: When it was, how many messages there were, and a signed receipt that anybody can check without us.
You: And if I send it again?
Lethe: Then you get a 404: there is nothing left to delete.
`;
