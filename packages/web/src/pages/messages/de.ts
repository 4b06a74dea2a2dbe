import type { Catalogue } from './en.ts'

/** German, formal. */
export const de: Catalogue = {
  'action.signIn': 'Anmelden',
  'action.signInAgain': 'Erneut anmelden',
  'action.startAgain': 'Neu beginnen',
  'action.newLink': 'Neuen Link anfordern',
  'action.continue': 'Weiter',
  'action.tryAgain': 'Erneut versuchen',
  'action.tryAgainIn': 'Erneut versuchen in {time}',
  'action.goBack': 'Zurück',
  'action.goToApp': 'Weiter zu {app}',

  'link.lifetime': 'Der Link funktioniert nur einmal und nur {duration} lang.',
  'link.shortLifetime': 'Der Link funktioniert nur einmal und nur für kurze Zeit.',

  'request.account': 'Konto',
  'request.from': 'Angefordert mit',
  'request.browser': '{browser} unter {system}',
  'request.when': 'Zeitpunkt',
  'request.justNow': 'gerade eben',
  'request.newEmail': 'Neue Adresse',
  'request.newPhone': 'Neue Nummer',

  'signIn.title': 'Anmelden',
  'signIn.lead': 'Sie brauchen kein Passwort: Wir senden Ihnen einen Link, den Sie öffnen.',
  'signIn.leadForAll': 'Sie brauchen kein Passwort. Neu hier? Derselbe Link legt Ihr Konto an.',
  'signUp.title': 'Konto erstellen',
  'signUp.lead': 'Sie müssen kein Passwort wählen: Wir senden Ihnen einen Link, den Sie öffnen.',
  'signIn.tabOnError': 'Fehler: {title}',
  'signIn.email': 'E-Mail-Adresse',
  'signIn.emailMistake': 'Geben Sie eine vollständige Adresse ein, zum Beispiel name@example.com.',
  'signIn.phone': 'Telefonnummer',
  'signIn.phoneHint': 'Beginnen Sie mit der Ländervorwahl, zum Beispiel +49.',
  'signIn.phoneMistake': 'Geben Sie eine vollständige Nummer ein, zum Beispiel +49 171 3920012.',
  'signIn.either': 'E-Mail-Adresse oder Telefonnummer',
  'signIn.eitherHint': 'Beginnen Sie eine Nummer mit der Ländervorwahl, zum Beispiel +49.',
  'signIn.eitherMistake':
    'Geben Sie eine vollständige Adresse oder Nummer ein, zum Beispiel name@example.com oder +49 171 3920012.',
  'signIn.byEmail': 'Link per E-Mail senden',
  'signIn.bySms': 'Link per SMS senden',
  'signIn.byWhatsapp': 'Link per WhatsApp senden',
  'signIn.onOtherDevice': 'Mit anderem Gerät anmelden',

  'signedIn.title': 'Sie sind angemeldet',
  'signedIn.here': 'Sie sind hier als {user} angemeldet.',
  'signedIn.inBrowser': 'Sie sind in diesem Browser angemeldet.',
  'signedIn.orSignIn': 'Oder melden Sie sich bei einem anderen Konto an',

  'inbox.emailTitle': 'Prüfen Sie Ihr Postfach',
  'inbox.smsTitle': 'Prüfen Sie Ihre SMS',
  'inbox.whatsappTitle': 'Öffnen Sie WhatsApp',
  'inbox.emailSent': 'Wir haben einen Link an {address} gesendet.',
  'inbox.smsSent': 'Wir haben einen Link per SMS an {address} gesendet.',
  'inbox.whatsappSent': 'Wir haben einen Link per WhatsApp an {address} gesendet.',
  'inbox.toSignIn': 'Öffnen Sie ihn auf diesem Gerät, um sich anzumelden.',
  'inbox.toContinue': 'Öffnen Sie ihn auf diesem Gerät, um fortzufahren.',
  'inbox.toChange': 'Öffnen Sie ihn, um die Änderung abzuschließen.',
  'inbox.open': '{provider} öffnen',
  'inbox.emailTip':
    'Noch nichts angekommen? Sehen Sie im Spam-Ordner nach, und prüfen Sie die Adresse auf Tippfehler.',
  'inbox.phoneTip': 'Noch nichts angekommen? Prüfen Sie die Nummer und ihre Ländervorwahl.',
  'inbox.resend': 'Neuen Link senden',
  'inbox.resendIn': 'Neuen Link senden in {time}',
  'inbox.otherEmail': 'Andere Adresse verwenden',
  'inbox.otherPhone': 'Andere Nummer verwenden',
  'inbox.codeElsewhere':
    'Auf einem anderen Gerät geöffnet? Geben Sie dort diesen Code ein, und verraten Sie ihn niemandem:',
  'inbox.codeStatus': 'Wir warten, bis Sie den Link öffnen',
  'inbox.unknownTitle': 'Prüfen Sie Ihre Nachrichten',
  'inbox.unknownLead':
    'Wenn Sie einen Link angefordert haben, ist er unterwegs. Öffnen Sie ihn, und klicken Sie auf die Schaltfläche seiner Seite.',
  'inbox.another': 'Neuen Link anfordern',

  'waiting.tab': '{figure} · Wir warten auf Sie',
  'waiting.numberTitle': 'Wählen Sie {number} in der E‑Mail',
  'waiting.numberLead':
    'Wir haben drei Zahlen an {address} gesendet. Öffnen Sie die Nachricht auf einem beliebigen Gerät, und wählen Sie die Zahl, die hier steht.',
  'waiting.numberStatus': 'Wir warten, bis Sie {number} wählen',
  'waiting.numberTip':
    'Keine Nachricht? Sehen Sie im Spam-Ordner nach, oder {startAgain}. Wählen Sie nie eine Zahl, die Ihnen jemand anderes nennt.',
  'waiting.codeTitle': 'Geben Sie {code} auf Ihrem anderen Gerät ein',
  'waiting.codeLead':
    'Haben Sie in der E‑Mail an {address} die {number} gewählt? Dann geben Sie dort diesen Code ein.',
  'waiting.codeStatus': 'Wir warten, bis Sie {code} eingeben',
  'waiting.codeTip':
    'Noch nicht so weit? Wählen Sie zuerst {number} in der E‑Mail, oder {startAgain}. Verraten Sie diesen Code niemandem.',
  'waiting.startAgain': 'beginnen Sie neu',
  'waiting.linkTime': 'Funktioniert noch {time}',
  'waiting.pageTime': 'Diese Seite wartet noch {time}',
  'waiting.timeUp': 'Die Zeit ist abgelaufen',
  'waiting.offline': 'Gerade keine Verbindung, wir versuchen es weiter',
  'waiting.approved': 'Bestätigt',
  'waiting.signingIn': 'Bestätigt, Sie werden angemeldet',
  'waiting.approvedLead': 'Sie haben diese Anmeldung bestätigt. Noch ein Schritt auf diesem Gerät.',
  'waiting.refusedTitle': 'Diese Anmeldung wurde gestoppt',
  'waiting.refusedLead':
    'Sie wurde mit „Nein, das war ich nicht“ beantwortet. Niemand wurde angemeldet.',
  'waiting.codeRefusedLead':
    'Auf dem anderen Gerät wurde zweimal ein falscher Code eingegeben. Niemand wurde angemeldet.',
  'waiting.expiredTitle': 'Der Link ist abgelaufen',
  'waiting.expiredLead': 'Er wurde nicht rechtzeitig geöffnet. Niemand wurde angemeldet.',

  'confirm.signInTitle': 'Bei {app} anmelden?',
  'confirm.signInLead': 'Mit der Schaltfläche melden Sie sich auf diesem Gerät an.',
  'confirm.signIn': 'Auf diesem Gerät anmelden',
  'confirm.switch':
    'Sie sind hier als {user} angemeldet. Gehört der Link zu einem anderen Konto, wechseln Sie dorthin.',
  'confirm.stepUpTitle': 'Bestätigen Sie Ihre Identität',
  'confirm.stepUpLead': 'Bevor Sie fortfahren, möchte {app} sichergehen, dass Sie es sind.',
  'confirm.stepUp': 'Bestätigen und fortfahren',
  'confirm.emailTitle': 'Bestätigen Sie Ihre neue Adresse',
  'confirm.emailLead':
    'Bestätigen Sie nur, wenn dies Ihr eigenes Konto bei {app} ist. Es bekommt damit diese Adresse.',
  'confirm.email': 'Diese Adresse verwenden',
  'confirm.phoneTitle': 'Bestätigen Sie Ihre neue Nummer',
  'confirm.phoneLead':
    'Bestätigen Sie nur, wenn dies Ihr eigenes Konto bei {app} ist. Es bekommt damit diese Nummer.',
  'confirm.phone': 'Diese Nummer verwenden',
  'confirm.cookiesTitle': 'Erlauben Sie Cookies, und versuchen Sie es erneut',
  'confirm.cookiesLead':
    'Ihr Browser hat das Cookie dieser Website nicht gespeichert, deshalb würden Sie nicht angemeldet bleiben. Der Link wurde nicht verbraucht. Erlauben Sie Cookies, und klicken Sie noch einmal auf die Schaltfläche.',
  'confirm.notYou':
    'Nicht von Ihnen angefordert? Schließen Sie diese Seite. Es passiert dann nichts.',
  'confirm.otherDeviceTitle': 'Sind Sie das auf dem anderen Gerät?',
  'confirm.otherDeviceLead':
    'Ein anderes Gerät, das bei {app} angemeldet ist, wartet darauf, dass Sie Ihre Identität bestätigen.',
  'confirm.otherDeviceHint':
    'Vier Ziffern. Sie stehen auf dem Bildschirm, auf dem Sie diesen Link angefordert haben.',
  'confirm.otherDevice': 'Identität bestätigen',
  'confirm.otherDeviceNotYou':
    'Nicht von Ihnen angefordert? Schließen Sie diese Seite. Geben Sie nie einen Code ein, den Ihnen jemand anderes nennt.',

  'code.label': 'Code vom anderen Bildschirm',
  'code.mistake':
    'Das ist nicht der Code. Sehen Sie auf dem Bildschirm nach, auf dem Sie begonnen haben, und geben Sie ihn noch einmal ein.',

  'approve.title': 'Melden Sie sich gerade an?',
  'approve.lead': 'Ein anderes Gerät möchte sich bei {app} anmelden.',
  'approve.question':
    'Zeigt der Bildschirm, auf dem Sie begonnen haben, die Zahl, die Sie gewählt haben?',
  'approve.codeHint': 'Vier Ziffern. Sie sind dort erschienen, als Sie diesen Link geöffnet haben.',
  'approve.yes': 'Ja, anderes Gerät anmelden',
  'approve.no': 'Nein, das war ich nicht',

  'done.approvedTitle': 'Gehen Sie zurück zu Ihrem anderen Gerät',
  'done.approvedLead': 'Dort geht es jetzt von selbst weiter. Sie können diese Seite schließen.',
  'done.refusedTitle': 'Anmeldung gestoppt',
  'done.refusedLead':
    'Diese Anmeldung kann nicht mehr abgeschlossen werden, und niemand wurde angemeldet. Sie können diese Seite schließen.',
  'done.tooLateTitle': 'Das andere Gerät ist schon angemeldet',
  'done.tooLateLead':
    'Die Anmeldung wurde schon bestätigt und lässt sich hier nicht mehr stoppen. Wenn Sie das nicht waren, melden Sie sich an und dann überall ab, oder wenden Sie sich an den Betreiber dieser Website.',
  'done.sessionEndedTitle': 'Sie sind abgemeldet',
  'done.sessionEndedLead':
    'Ihre Sitzung ist beendet, deshalb wurde nichts geändert. Melden Sie sich an, und versuchen Sie es dann erneut.',
  'done.signedOutTitle': 'Sie sind abgemeldet',
  'done.signedOutLead': 'Sie können diese Seite jetzt schließen.',

  'changed.emailTitle': 'Die Adresse wurde geändert',
  'changed.emailLead': 'Das Konto {account} bei {app} hat jetzt die Adresse {address}.',
  'changed.phoneTitle': 'Die Nummer wurde geändert',
  'changed.phoneLead': 'Das Konto {account} bei {app} hat jetzt die Nummer {address}.',
  'changed.goBack':
    'Sie wurden auf diesem Gerät nicht angemeldet. Gehen Sie zurück zu dem Gerät, auf dem Sie die Änderung angefordert haben, oder schließen Sie diese Seite.',
  'changed.notYours': 'Nicht Ihr Konto? Wenden Sie sich an den Betreiber dieser Website.',

  'stepUp.title': 'Bestätigen Sie Ihre Identität',
  'stepUp.lead':
    'Bevor Sie diese Seite öffnen, möchte {app} sichergehen, dass Sie es sind. Wir senden Ihnen einen Link. Öffnen Sie ihn auf diesem Gerät, um fortzufahren.',
  'stepUp.send': 'Link senden',

  'resume.title': 'Vielen Dank',
  'resume.lead':
    'Sie haben Ihre Identität bestätigt. Senden Sie zum Abschluss, was Sie eingegeben haben.',

  'error.wait': 'Sie können es {when} erneut versuchen.',
  'error.link-used-or-expired.title': 'Dieser Link funktioniert nicht mehr',
  'error.link-used-or-expired.lead':
    'Ein Link funktioniert nur einmal und nur für kurze Zeit. Dieser wurde schon verwendet oder ist abgelaufen.',
  'error.link-unknown.title': 'Dieser Link ist ungültig',
  'error.link-unknown.lead':
    'Vielleicht fehlt ein Teil, oder er ist zu alt. Kopieren Sie den ganzen Link aus der Nachricht, oder fordern Sie einen neuen an.',
  'error.not-approved.title': 'Es wurde nichts bestätigt',
  'error.not-approved.lead':
    'Wählen Sie nur die Zahl, die Ihr anderer Bildschirm zeigt. Wenn Sie das getan haben, wurde der Link schon verwendet oder ist abgelaufen.',
  'error.attempt-refused.title': 'Diese Anmeldung wurde gestoppt',
  'error.attempt-refused.lead':
    'Sie wurde mit „Nein, das war ich nicht“ beantwortet. Deshalb wurde niemand angemeldet, und sie lässt sich nicht mehr bestätigen. Wenn es Ihre eigene war, beginnen Sie neu.',
  'error.attempt-ended.title': 'Dieser Link ist nicht mehr gültig',
  'error.attempt-ended.lead':
    'Wer ihn angefordert hat, hat sich seitdem abgemeldet, oder er ist zu alt. Es wurde nichts geändert. Melden Sie sich an, und fordern Sie ihn erneut an.',
  'error.send-refused.title': 'Es wurde kein Link gesendet',
  'error.send-refused.lead':
    'Diese Website hat die Anfrage nicht angenommen. Wenn sie das Ihrer Meinung nach sollte, wenden Sie sich an den Betreiber.',
  'error.code-refused.title': 'Diese Anfrage wurde gestoppt',
  'error.code-refused.lead':
    'Es wurde zweimal ein falscher Code eingegeben. Deshalb ist nichts geschehen, und die Anfrage lässt sich nicht mehr bestätigen. Wenn es Ihre eigene war, beginnen Sie neu.',
  'error.bad-request.title': 'Die Anfrage war ungültig',
  'error.bad-request.lead':
    'Etwas an der Anfrage war nicht wie erwartet, deshalb ist nichts geschehen.',
  'error.cross-site.title': 'Bitte beginnen Sie hier',
  'error.cross-site.lead':
    'Die Anfrage kam von einer anderen Website, deshalb ist nichts geschehen.',
  'error.not-enabled.title': 'Das lässt sich hier nicht ändern',
  'error.not-enabled.lead':
    'Diese App bietet die Änderung auf ihren Seiten nicht an, deshalb ist nichts geschehen.',
  'error.too-many.title': 'Bitte warten Sie einen Moment',
  'error.too-many.lead':
    'Zum Schutz von Konten und Postfächern ist die Zahl der Anfragen begrenzt. Ein Link, den Sie schon bekommen haben, funktioniert weiterhin.',
  'error.unavailable.title': 'Die Anmeldung ist gerade nicht möglich',
  'error.unavailable.lead':
    'Das Problem liegt bei uns und sollte bald behoben sein. Wer angemeldet ist, bleibt angemeldet.',
  'error.sign-in-failed.title': 'Die Anmeldung ist fehlgeschlagen',
  'error.sign-in-failed.lead':
    'Sie wurden nicht angemeldet. Das Problem liegt bei uns. Vielleicht hilft ein neuer Link; wenn nicht, wenden Sie sich an den Betreiber dieser Website.',
  'error.not-allowed.title': 'Sie können diese Seite nicht öffnen',
  'error.not-allowed.lead': 'Sie sind angemeldet, aber Ihr Konto hat keinen Zugriff darauf.',

  'emulator.note': 'Läuft mit dem Emulator: Keine E‑Mail verlässt diesen Rechner.',
  'emulator.inbox': 'Posteingang öffnen',
}
