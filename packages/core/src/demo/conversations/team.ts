/** Colleagues at work. A line that starts with # is the title of the next chat. */
export const team = `
# Launch checklist for the autumn release
Mira: Five days to go. What is still open?
Jonas: Release notes are drafted, the screenshots are missing.
Adaeze: Load test ran last night: p99 at 41 ms with ten times today's traffic.
Mira: Lovely. Translations?
Yuki: Japanese and Spanish are done. French is back from review tomorrow.
Jonas: I take the screenshots today.
Mira: Then the only risk left is the weather on launch day.

# Why is staging slow?
Adaeze: Staging answers in two seconds since Tuesday. Production is fine.
Jonas: Same build?
Adaeze: Same build, a different database size. Somebody restored a full copy into it.
Jonas: That was me, for the migration rehearsal. I forgot to analyse the tables afterwards.
Adaeze: Running ANALYZE now.
Adaeze: 38 ms.
Jonas: I owe you a coffee. And I will put it into the script.

# Interview notes: senior backend role
Mira: Thoughts on this morning's candidate? Please write before you read the others'.
Jonas: Strong. Asked about failure modes before we did. Would work with tomorrow.
Adaeze: Strong on data, honest about not knowing Kubernetes. Yes from me.
Yuki: Very clear explanations. Yes.
Mira: Unanimous. I will call this afternoon. These notes go once the offer is out.

# Post-mortem: 14 minutes of errors on Monday
Adaeze: Timeline. 09:02 deploy, 09:04 first alert, 09:11 cause known, 09:16 rolled back, all green at 09:18.
Jonas: Cause: a migration took a table lock and waited behind a report that ran for ten minutes.
Mira: What would have caught it?
Jonas: A lock timeout on migrations. Three seconds, then give up and tell us.
Adaeze: I would add that the report should run on the replica.
Mira: Both, please. No blame, thank you for the quick rollback.
Jonas: Both are merged.

# Names for the new meeting rooms
Yuki: Facilities asks for names by Friday. Current proposal: Room 1 and Room 2.
Mira: Rivers?
Jonas: Lethe for the room without a whiteboard.
Yuki: Then Mnemosyne for the one with recordings.
Mira: Approved before anyone thinks about it for longer.

# Design review: empty states
Yuki: I uploaded six variants. My favourite is B, with one sentence and one button.
Mira: B. The illustration in D is charming, but it pushes the button below the fold on small laptops.
Jonas: B, and could the sentence say what happens next instead of what is missing?
Yuki: "Your first chat will appear here as soon as somebody writes." Like that?
Jonas: Exactly like that.

# On-call handover, week 47
Adaeze: Quiet week: two pages, both disk space on the build machines. Cleanup job is in place.
Jonas: Anything to keep an eye on?
Adaeze: The certificate for the old domain ends on the 3rd. The renewal is automatic, but it is the first one.
Jonas: Noted. Enjoy your sleep.

# Should we keep chat history forever?
Mira: Legal asks for a retention rule. What do we actually need old chats for?
Jonas: Honestly? I search the last month. Before that, never.
Yuki: Research reads them for a quarter, then works from the summary.
Mira: So ninety days, then gone. Really gone, not a flag in a table.
Adaeze: And a receipt that says so, without the content.
Mira: I will write it up.

# Quarterly numbers, draft
Julian: Draft for the board: revenue up 12 %, churn down to 1.8 %.
Mira: Which definition of churn?
Julian: Seats, not accounts. I put it in the footnote.
Mira: Put it in the headline. Otherwise somebody will compare it with the last deck.
Julian: Changed on slides 4 and 9.

# Flaky test in the checkout suite
Jonas: The coupon test fails one time in thirty. Only on CI, only before noon.
Adaeze: Before noon as in UTC?
Jonas: ...it builds a date from local midnight and compares it with UTC.
Adaeze: There it is.
Jonas: Fixed with a fixed clock. 1,000 runs, 1,000 green.

# Lunch on Thursday
Yuki: The noodle place or the roof?
Jonas: Roof if it is dry, noodles if it rains.
Adaeze: The forecast says noodles.
Mira: Table for four at 12:30.

# Accessibility audit findings
Yuki: The audit is back: 3 serious, 11 moderate, praise for the keyboard support.
Mira: What are the serious ones?
Yuki: Contrast of the secondary buttons, a dialog without a name, and focus lost after deleting a row.
Jonas: The focus one is mine. It should go to the neighbouring row.
Yuki: I have the contrast. Who takes the dialog?
Adaeze: Me.
Yuki: Re-test is booked for the 2nd.

# Welcome, Adaeze!
Mira: Everyone, this is Adaeze, who joins us from Lagos to look after everything that must not go down.
Jonas: Welcome! Your first pull request is traditionally a typo in the handbook.
Adaeze: Found one on page one. Is it there on purpose?
Jonas: We will never tell.
Yuki: Welcome! Lunch is on us today.
`;
