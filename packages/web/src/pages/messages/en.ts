/**
 * Every text of the built-in pages, in English: the source of the other languages. `{name}` stands for a
 * value; a text of another language, or of an app, may use the same names and no others.
 */
export const en = {
  'action.signIn': 'Sign in',
  'action.signInAgain': 'Sign in again',
  'action.startAgain': 'Start again',
  'action.newLink': 'Get a new link',
  'action.continue': 'Continue',
  'action.tryAgain': 'Try again',
  'action.tryAgainIn': 'Try again in {time}',
  'action.goBack': 'Go back',
  'action.goToApp': 'Go to {app}',

  'link.lifetime': 'The link works once, for {duration}.',
  'link.shortLifetime': 'The link works once, for a short time.',

  'request.account': 'Account',
  'request.from': 'Requested from',
  'request.browser': '{browser} on {system}',
  'request.when': 'When',
  'request.justNow': 'just now',
  'request.newEmail': 'New address',
  'request.newPhone': 'New number',

  'signIn.title': 'Sign in',
  'signIn.lead': 'No password needed: we send you a link to open.',
  'signIn.leadForAll': 'No password needed. New here? The same link creates your account.',
  'signUp.title': 'Create your account',
  'signUp.lead': 'No password to choose: we send you a link to open.',
  'signIn.tabOnError': 'Error: {title}',
  'signIn.email': 'Email address',
  'signIn.emailMistake': 'Enter a full address, such as name@example.com.',
  'signIn.phone': 'Phone number',
  'signIn.phoneHint': 'Start with the country code, such as +44.',
  'signIn.phoneMistake': 'Enter a full number, such as +44 7700 900123.',
  'signIn.either': 'Email address or phone number',
  'signIn.eitherHint': 'Start a number with its country code, such as +44.',
  'signIn.eitherMistake':
    'Enter a full address or number, such as name@example.com or +44 7700 900123.',
  'signIn.byEmail': 'Email me a link',
  'signIn.bySms': 'Text me a link',
  'signIn.byWhatsapp': 'Send a link on WhatsApp',
  'signIn.onOtherDevice': 'Sign in with another device',

  'signedIn.title': 'You are signed in',
  'signedIn.here': 'You are signed in here as {user}.',
  'signedIn.inBrowser': 'You are already signed in.',
  'signedIn.orSignIn': 'Or sign in to another account',

  'inbox.emailTitle': 'Check your inbox',
  'inbox.smsTitle': 'Check your phone',
  'inbox.whatsappTitle': 'Check WhatsApp',
  'inbox.emailSent': 'We sent a link to {address}.',
  'inbox.smsSent': 'We texted a link to {address}.',
  'inbox.whatsappSent': 'We sent a WhatsApp message with a link to {address}.',
  'inbox.toSignIn': 'Open it on this device to sign in.',
  'inbox.toContinue': 'Open it on this device to continue.',
  'inbox.toChange': 'Open it to make the change.',
  'inbox.open': 'Open {provider}',
  'inbox.emailTip': 'Nothing yet? Check your spam folder, and check the address for typing errors.',
  'inbox.phoneTip': 'Nothing yet? Check the number and its country code.',
  'inbox.resend': 'Send another link',
  'inbox.resendIn': 'Send another link in {time}',
  'inbox.otherEmail': 'Use another address',
  'inbox.otherPhone': 'Use another number',
  'inbox.codeElsewhere':
    'Opened it on another device? Type this code there, and never tell anyone:',
  'inbox.codeStatus': 'Waiting for you to open the link',
  'inbox.unknownTitle': 'Check your messages',
  'inbox.unknownLead':
    'If you requested a link, it is on its way. Open it, and use the button on its page.',
  'inbox.another': 'Get another link',

  'waiting.tab': '{figure} · Waiting for you',
  'waiting.numberTitle': 'Choose {number} in the email',
  'waiting.numberLead':
    'We sent three numbers to {address}. Open the message on any device and choose the number shown here.',
  'waiting.numberStatus': 'Waiting for you to choose {number}',
  'waiting.numberTip':
    'No message? Check your spam folder, or {startAgain}. Never choose a number that someone else tells you.',
  'waiting.codeTitle': 'Type {code} on your other device',
  'waiting.codeLead': 'You chose {number} in the email to {address}? Then type this code there.',
  'waiting.codeStatus': 'Waiting for you to type {code}',
  'waiting.codeTip':
    'Not there yet? Choose {number} in the email first, or {startAgain}. Never tell anyone this code.',
  'waiting.startAgain': 'start again',
  'waiting.linkTime': 'Works for another {time}',
  'waiting.pageTime': 'This page waits for another {time}',
  'waiting.timeUp': 'The time is up',
  'waiting.offline': 'No connection right now, still trying',
  'waiting.approved': 'Approved',
  'waiting.signingIn': 'Approved, signing you in',
  'waiting.approvedLead': 'You approved this sign-in. One more step on this device.',
  'waiting.refusedTitle': 'This sign-in was stopped',
  'waiting.refusedLead': 'It was answered with “No, this was not me”. No one was signed in.',
  'waiting.codeRefusedLead':
    'Two wrong codes were typed on the other device. No one was signed in.',
  'waiting.expiredTitle': 'The link has expired',
  'waiting.expiredLead': 'It was not opened in time. No one was signed in.',

  'confirm.signInTitle': 'Sign in to {app}?',
  'confirm.signInLead': 'Use the button to sign in on this device.',
  'confirm.signIn': 'Sign in on this device',
  'confirm.switch':
    'You are signed in here as {user}. If the link is for another account, you will switch to it.',
  'confirm.stepUpTitle': 'Confirm it’s you',
  'confirm.stepUpLead': '{app} needs you to confirm that it’s you before you continue.',
  'confirm.stepUp': 'Confirm and continue',
  'confirm.emailTitle': 'Confirm your new address',
  'confirm.emailLead':
    'Confirm only if this is your own {app} account. It will have this address from now on.',
  'confirm.email': 'Use this address',
  'confirm.phoneTitle': 'Confirm your new number',
  'confirm.phoneLead':
    'Confirm only if this is your own {app} account. It will have this number from now on.',
  'confirm.phone': 'Use this number',
  'confirm.cookiesTitle': 'Allow cookies, then try again',
  'confirm.cookiesLead':
    'Your browser did not keep the cookie of this site, so you would not stay signed in. The link was not used. Allow cookies, then use the button again.',
  'confirm.notYou': 'Didn’t request this? Close this page. Nothing will happen.',
  'confirm.otherDeviceTitle': 'Confirm it’s you on another device?',
  'confirm.otherDeviceLead':
    'Another device that is signed in to {app} is waiting for you to confirm that it’s you.',
  'confirm.otherDeviceHint': 'Four digits. They are on the screen where you requested this link.',
  'confirm.otherDevice': 'Confirm on that device',
  'confirm.otherDeviceNotYou':
    'Didn’t request this? Close this page. Never type a code that someone else tells you.',

  'code.label': 'Code on that screen',
  'code.mistake':
    'That is not the code. Look at the screen where you started, and type it once more.',

  'approve.title': 'Is this you signing in?',
  'approve.lead': 'Another device is waiting to sign in to {app}.',
  'approve.question': 'Does the screen where you started show the number that you chose?',
  'approve.codeHint': 'Four digits. They appeared there when you opened this link.',
  'approve.yes': 'Yes, sign that device in',
  'approve.no': 'No, this was not me',

  'done.approvedTitle': 'Go back to your other device',
  'done.approvedLead': 'It continues by itself now. You can close this page.',
  'done.refusedTitle': 'Sign-in stopped',
  'done.refusedLead':
    'That sign-in can’t complete, and no one was signed in. You can close this page.',
  'done.tooLateTitle': 'That device is already signed in',
  'done.tooLateLead':
    'The sign-in was approved before, so it can no longer be stopped here. If that was not you, sign in and sign out everywhere, or contact the operator of this site.',
  'done.sessionEndedTitle': 'You are signed out',
  'done.sessionEndedLead':
    'Your session has ended, so nothing was changed. Sign in, then try again.',
  'done.signedOutTitle': 'You are signed out',
  'done.signedOutLead': 'You can close this page now.',

  'changed.emailTitle': 'The address was changed',
  'changed.emailLead': 'The {app} account {account} now has the address {address}.',
  'changed.phoneTitle': 'The number was changed',
  'changed.phoneLead': 'The {app} account {account} now has the number {address}.',
  'changed.goBack':
    'You were not signed in on this device. Go back to the device where you requested the change, or close this page.',
  'changed.notYours': 'Not your account? Contact the operator of this site.',

  'stepUp.title': 'Confirm it’s you',
  'stepUp.lead':
    '{app} needs you to confirm that it’s you before you open this page. We send you a link. Open it on this device to continue.',
  'stepUp.send': 'Send me the link',

  'resume.title': 'Thank you',
  'resume.lead': 'You confirmed that it’s you. Send what you entered to finish.',

  'error.wait': 'You can try again {when}.',
  'error.link-used-or-expired.title': 'This link no longer works',
  'error.link-used-or-expired.lead':
    'A link works once, for a short time. This one was already used, or has expired.',
  'error.link-unknown.title': 'This link is not valid',
  'error.link-unknown.lead':
    'Part of it may be missing, or it is too old. Copy the whole link from the message, or get a new one.',
  'error.not-approved.title': 'Nothing was approved',
  'error.not-approved.lead':
    'Choose only the number that your other screen shows. If you did, the link was already used, or has expired.',
  'error.attempt-refused.title': 'This sign-in was stopped',
  'error.attempt-refused.lead':
    'It was answered with “No, this was not me”, so no one was signed in, and it can’t be approved any more. If it was yours, start again.',
  'error.attempt-ended.title': 'This link is no longer valid',
  'error.attempt-ended.lead':
    'The user who requested it has signed out since, or it is too old. Nothing was changed. Sign in and request it again.',
  'error.send-refused.title': 'No link was sent',
  'error.send-refused.lead':
    'This site did not accept the request. If you think that it should, contact its operator.',
  'error.code-refused.title': 'This request was stopped',
  'error.code-refused.lead':
    'Two wrong codes were typed, so nothing was done, and it can’t be approved any more. If it was yours, start again.',
  'error.bad-request.title': 'The request was not valid',
  'error.bad-request.lead': 'Something in the request was not as expected, so nothing was done.',
  'error.cross-site.title': 'Please start here',
  'error.cross-site.lead': 'The request came from another site, so nothing was done.',
  'error.not-enabled.title': 'This can’t be changed here',
  'error.not-enabled.lead':
    'This app does not offer that change on its pages, so nothing was done.',
  'error.too-many.title': 'Please wait a moment',
  'error.too-many.lead':
    'To protect accounts and inboxes, the number of requests is limited. A link that was sent before still works.',
  'error.unavailable.title': 'Sign-in is temporarily unavailable',
  'error.unavailable.lead':
    'This is a problem on our side, and it should pass soon. Signed-in users stay signed in.',
  'error.sign-in-failed.title': 'Sign-in didn’t finish',
  'error.sign-in-failed.lead':
    'You were not signed in. This is a problem on our side. A new link may help; if it does not, contact the operator of this site.',
  'error.not-allowed.title': 'You can’t open this page',
  'error.not-allowed.lead': 'You are signed in, but your account has no access to it.',

  'emulator.note': 'Running on the emulator: no mail leaves this machine.',
  'emulator.inbox': 'Open the inbox',
} as const

/** The key of a text, such as `signIn.title`. */
export type MessageKey = keyof typeof en

/** Every text of the pages, in one language. */
export type Catalogue = Readonly<Record<MessageKey, string>>
