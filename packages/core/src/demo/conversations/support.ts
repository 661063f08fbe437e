/** Customers and the people who help them. A line that starts with # is the title of the next chat. */
export const support = `
# Invoice 2041 shows the wrong VAT rate
Priya Raman: Hello, invoice 2041 was charged with 21 % VAT. We are registered in Portugal, so it should be 23 %.
Tom (Billing): Good morning Priya. I see it: the invoice still carries your old address in Rotterdam.
Tom (Billing): I can issue a credit note for 2041 and a new invoice with today's date. Would that work for your books?
Priya Raman: Yes, as long as both documents reach us before the 30th.
Tom (Billing): Both are in your inbox now: credit note CN-388 and invoice 2052.
Priya Raman: Received. Thank you for being so quick.

# Cannot sign in after changing phones
Walter Okafor: My old phone is gone and with it the authenticator. How do I get back into my account?
Lena (Support): Sorry to hear that, Walter. Do you still have one of the ten recovery codes from when you set it up?
Walter Okafor: I found the sheet! The first code worked.
Lena (Support): Wonderful. Please open Settings > Security, remove the old device and add the new one.
Lena (Support): And print a fresh sheet: the codes on the old one were just invalidated.
Walter Okafor: Done both. The new sheet is in the drawer with the passports.

# Export stops at 64 %
Sofia Lindqvist: The CSV export of our 2025 orders stops at 64 % every time. Chrome and Firefox, same thing.
Marco (Support): Thanks for trying both, that rules out a lot. Which time zone is the workspace set to?
Sofia Lindqvist: Europe/Stockholm.
Marco (Support): Then I know what it is: an order from 30 March at 02:30, an hour that did not exist that night.
Sofia Lindqvist: Ha. The clocks strike again.
Marco (Support): The fix goes out this afternoon. Meanwhile I have put the full file in your downloads.
Sofia Lindqvist: Got it, 18,204 rows. It matches our ledger.
Marco (Support): And the fix is live. Your next export should run through by itself.

# Please remove my data
Anonymous: I closed my account in June. Please delete everything that you still hold about me.
Lena (Support): Of course. I found your profile, 14 orders and this conversation.
Lena (Support): Tax law makes us keep the invoices for ten years. Everything else can go today.
Anonymous: That is fine. Will somebody be able to restore it later?
Lena (Support): No. Once it is deleted there is nothing to restore, for you or for us.
Anonymous: Good. Go ahead.

# Delivery to the wrong building
Chen Wei: The courier left my parcel at number 14. I live at 41.
Amara (Delivery): Oh no. I have the courier's photo here, with a blue door and a bicycle?
Chen Wei: That is number 14, yes. Nobody answers the bell.
Amara (Delivery): The courier passes by again at 16:00 and will bring it over to you.
Chen Wei: It arrived! The neighbour even added a note.

# Webhook signature does not match
Dmitri Halloran: Our endpoint rejects every webhook since this morning: the signature differs.
Marco (Support): Did anything change on your side, for example a framework update?
Dmitri Halloran: We moved to a new gateway on Friday...
Marco (Support): Does it parse JSON before your handler sees the body? The signature covers the raw bytes.
Dmitri Halloran: It does. It re-serialises with sorted keys. That explains it.
Marco (Support): Ask it to pass the raw body for that one path. I can replay the last 24 hours when you are ready.
Dmitri Halloran: Ready now.
Marco (Support): Replaying 312 events.
Dmitri Halloran: All 312 accepted. Beer is on me if you are ever in Galway.

# Refund for the cancelled concert
Ines Duarte: The concert on the 8th was cancelled. Do I have to send the tickets back?
Tom (Billing): No, you can keep them as a souvenir. The refund of 84.00 EUR went out this morning.
Ines Duarte: How long does it take?
Tom (Billing): Three to five working days, depending on the bank.

# Billing address for the new office
Oskar Meier: We move on the first of the month. Where do I change the billing address?
Tom (Billing): Settings > Company > Addresses. Set the date, and it switches by itself.
Oskar Meier: Found it. And the purchase order number?
Tom (Billing): On the same page, under References. It is printed on each invoice from then on.
Oskar Meier: Perfect, thanks.

# The app drains my battery
Hana Sato: Since the last update my phone is empty at noon. The app is at the top of the list.
Lena (Support): That is not how it should be. Could you tell me the version? It is at the bottom of the About page.
Hana Sato: 7.4.0
Lena (Support): 7.4.0 asked for the location once a second in the background. 7.4.1 is in the store since an hour ago.
Hana Sato: Updated. I will watch it today.
Hana Sato: 80 % left at six. Fixed!

# Upgrade from 5 to 25 seats
Grace Mbeki: We grew. What does it take to go from 5 to 25 seats, and can we pay yearly?
Julian (Sales): Congratulations! Yearly billing takes two months off. I can prorate the five seats you have.
Grace Mbeki: Please send a quote that I can sign today.
Julian (Sales): It is in your inbox, valid for 30 days.
Grace Mbeki: Signed.
Julian (Sales): 25 seats are active. Welcome aboard, everyone.

# Printer on the third floor, again
Ben Achterberg: It says PC LOAD LETTER.
Ruth (IT): It wants Letter paper. Somebody printed an American template.
Ben Achterberg: So it is not broken?
Ruth (IT): It is never broken. Press Continue, and it will take A4.
Ben Achterberg: It printed. It sounded offended.

# VPN drops every hour
Fatima Zahra: My VPN disconnects exactly once an hour. Very punctual.
Ruth (IT): Punctual is a good hint. Are you on the guest network by any chance?
Fatima Zahra: I am. The office one does not know my new laptop yet.
Ruth (IT): The guest network renews leases hourly. I have just enrolled your laptop, please switch.
Fatima Zahra: Two hours without a drop. Thank you!
`;
