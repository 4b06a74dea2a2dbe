import type { Catalogue } from './en.ts'

/** French, formal. */
export const fr: Catalogue = {
  'action.signIn': 'Se connecter',
  'action.signInAgain': 'Se reconnecter',
  'action.startAgain': 'Recommencer',
  'action.newLink': 'Obtenir un nouveau lien',
  'action.continue': 'Continuer',
  'action.tryAgain': 'Réessayer',
  'action.tryAgainIn': 'Réessayer dans {time}',
  'action.goBack': 'Retour',
  'action.goToApp': 'Accéder à {app}',

  'link.lifetime': 'Le lien fonctionne une seule fois, pendant {duration}.',
  'link.shortLifetime': 'Le lien fonctionne une seule fois et pour une courte durée.',

  'request.account': 'Compte',
  'request.from': 'Demandé depuis',
  'request.browser': '{browser} sur {system}',
  'request.when': 'Quand',
  'request.justNow': 'à l’instant',
  'request.newEmail': 'Nouvelle adresse',
  'request.newPhone': 'Nouveau numéro',

  'signIn.title': 'Connexion',
  'signIn.lead': 'Pas besoin de mot de passe : nous vous envoyons un lien à ouvrir.',
  'signIn.leadForAll':
    'Pas besoin de mot de passe. Première visite ? Le même lien crée votre compte.',
  'signUp.title': 'Créer votre compte',
  'signUp.lead': 'Pas de mot de passe à choisir : nous vous envoyons un lien à ouvrir.',
  'signIn.tabOnError': 'Erreur : {title}',
  'signIn.email': 'Adresse e-mail',
  'signIn.emailMistake': 'Saisissez une adresse complète, par exemple nom@example.com.',
  'signIn.phone': 'Numéro de téléphone',
  'signIn.phoneHint': 'Commencez par l’indicatif du pays, par exemple +33.',
  'signIn.phoneMistake': 'Saisissez un numéro complet, par exemple +33 6 39 98 12 34.',
  'signIn.either': 'Adresse e-mail ou numéro de téléphone',
  'signIn.eitherHint': 'Commencez un numéro par l’indicatif du pays, par exemple +33.',
  'signIn.eitherMistake':
    'Saisissez une adresse ou un numéro complet, par exemple nom@example.com ou +33 6 39 98 12 34.',
  'signIn.byEmail': 'Recevoir un lien par e-mail',
  'signIn.bySms': 'Recevoir un lien par SMS',
  'signIn.byWhatsapp': 'Recevoir un lien sur WhatsApp',
  'signIn.onOtherDevice': 'Utiliser un autre appareil',

  'signedIn.title': 'Votre session est ouverte',
  'signedIn.here': 'Vous utilisez déjà ici le compte {user}.',
  'signedIn.inBrowser': 'Votre session est ouverte dans ce navigateur.',
  'signedIn.orSignIn': 'Ou connectez-vous à un autre compte',

  'inbox.emailTitle': 'Consultez votre messagerie',
  'inbox.smsTitle': 'Consultez vos SMS',
  'inbox.whatsappTitle': 'Ouvrez WhatsApp',
  'inbox.emailSent': 'Nous avons envoyé un lien à {address}.',
  'inbox.smsSent': 'Nous avons envoyé un lien par SMS au {address}.',
  'inbox.whatsappSent': 'Nous avons envoyé un lien sur WhatsApp au {address}.',
  'inbox.toSignIn': 'Ouvrez‑le sur cet appareil pour vous connecter.',
  'inbox.toContinue': 'Ouvrez‑le sur cet appareil pour continuer.',
  'inbox.toChange': 'Ouvrez‑le pour effectuer la modification.',
  'inbox.open': 'Ouvrir {provider}',
  'inbox.emailTip':
    'Toujours rien ? Regardez dans vos courriers indésirables et vérifiez l’orthographe de l’adresse.',
  'inbox.phoneTip': 'Toujours rien ? Vérifiez le numéro et son indicatif.',
  'inbox.resend': 'Envoyer un autre lien',
  'inbox.resendIn': 'Envoyer un autre lien dans {time}',
  'inbox.otherEmail': 'Utiliser une autre adresse',
  'inbox.otherPhone': 'Utiliser un autre numéro',
  'inbox.codeElsewhere':
    'Vous l’avez ouvert sur un autre appareil ? Saisissez‑y ce code et ne le communiquez à personne :',
  'inbox.codeStatus': 'En attente de l’ouverture du lien',
  'inbox.unknownTitle': 'Consultez vos messages',
  'inbox.unknownLead':
    'Si vous avez demandé un lien, il est en route. Ouvrez‑le, puis utilisez le bouton de sa page.',
  'inbox.another': 'Obtenir un autre lien',

  'waiting.tab': '{figure} · Nous vous attendons',
  'waiting.numberTitle': 'Choisissez {number} dans l’e‑mail',
  'waiting.numberLead':
    'Nous avons envoyé trois nombres à {address}. Ouvrez le message sur n’importe quel appareil et choisissez le nombre affiché ici.',
  'waiting.numberStatus': 'En attente de votre choix : {number}',
  'waiting.numberTip':
    'Pas de message ? Regardez dans vos courriers indésirables ou {startAgain}. Ne choisissez jamais un nombre que quelqu’un d’autre vous donne.',
  'waiting.codeTitle': 'Saisissez {code} sur votre autre appareil',
  'waiting.codeLead':
    'Vous avez choisi {number} dans l’e‑mail envoyé à {address} ? Saisissez alors ce code sur l’autre appareil.',
  'waiting.codeStatus': 'En attente de la saisie du code {code}',
  'waiting.codeTip':
    'Pas encore ? Choisissez d’abord {number} dans l’e‑mail ou {startAgain}. Ne communiquez ce code à personne.',
  'waiting.startAgain': 'recommencez',
  'waiting.linkTime': 'Valable encore {time}',
  'waiting.pageTime': 'Cette page attend encore {time}',
  'waiting.timeUp': 'Le temps est écoulé',
  'waiting.offline': 'Pas de connexion pour le moment, nouvel essai en cours',
  'waiting.approved': 'Connexion approuvée',
  'waiting.signingIn': 'Connexion approuvée, ouverture de votre session',
  'waiting.approvedLead':
    'Vous avez approuvé cette connexion. Il reste une étape sur cet appareil.',
  'waiting.refusedTitle': 'Cette connexion a été arrêtée',
  'waiting.refusedLead': 'La réponse était « Non, ce n’était pas moi ». Personne n’a été connecté.',
  'waiting.codeRefusedLead':
    'Deux codes erronés ont été saisis sur l’autre appareil. Personne n’a été connecté.',
  'waiting.expiredTitle': 'Le lien a expiré',
  'waiting.expiredLead': 'Il n’a pas été ouvert à temps. Personne n’a été connecté.',

  'confirm.signInTitle': 'Se connecter à {app} ?',
  'confirm.signInLead': 'Utilisez le bouton pour vous connecter sur cet appareil.',
  'confirm.signIn': 'Se connecter sur cet appareil',
  'confirm.switch':
    'Vous utilisez ici le compte {user}. Si le lien est destiné à un autre compte, vous passerez à celui-ci.',
  'confirm.stepUpTitle': 'Confirmez votre identité',
  'confirm.stepUpLead': '{app} vous demande de confirmer votre identité avant de continuer.',
  'confirm.stepUp': 'Confirmer et continuer',
  'confirm.emailTitle': 'Confirmez votre nouvelle adresse',
  'confirm.emailLead':
    'Ne confirmez que s’il s’agit de votre propre compte sur {app}. Il aura désormais cette adresse.',
  'confirm.email': 'Utiliser cette adresse',
  'confirm.phoneTitle': 'Confirmez votre nouveau numéro',
  'confirm.phoneLead':
    'Ne confirmez que s’il s’agit de votre propre compte sur {app}. Il aura désormais ce numéro.',
  'confirm.phone': 'Utiliser ce numéro',
  'confirm.cookiesTitle': 'Autorisez les cookies, puis réessayez',
  'confirm.cookiesLead':
    'Votre navigateur n’a pas conservé le cookie de ce site : votre session ne serait pas gardée. Le lien n’a pas été utilisé. Autorisez les cookies, puis utilisez de nouveau le bouton.',
  'confirm.notYou': 'Vous n’avez rien demandé ? Fermez cette page. Il ne se passera rien.',
  'confirm.otherDeviceTitle': 'Est-ce bien vous sur l’autre appareil ?',
  'confirm.otherDeviceLead':
    'Un autre appareil connecté à {app} attend que vous confirmiez votre identité.',
  'confirm.otherDeviceHint': 'Quatre chiffres, affichés sur l’écran où vous avez demandé ce lien.',
  'confirm.otherDevice': 'Confirmer mon identité',
  'confirm.otherDeviceNotYou':
    'Vous n’avez rien demandé ? Fermez cette page. Ne saisissez jamais un code que quelqu’un d’autre vous donne.',

  'code.label': 'Code affiché sur l’autre écran',
  'code.mistake':
    'Ce n’est pas le bon code. Regardez l’écran où vous avez commencé et saisissez‑le de nouveau.',

  'approve.title': 'Est-ce vous qui vous connectez ?',
  'approve.lead': 'Un autre appareil demande à se connecter à {app}.',
  'approve.question': 'L’écran où vous avez commencé affiche‑t‑il le nombre que vous avez choisi ?',
  'approve.codeHint': 'Quatre chiffres, apparus sur cet écran quand vous avez ouvert ce lien.',
  'approve.yes': 'Oui, connecter l’autre appareil',
  'approve.no': 'Non, ce n’était pas moi',

  'done.approvedTitle': 'Retournez sur votre autre appareil',
  'done.approvedLead': 'La suite s’y déroule automatiquement. Vous pouvez fermer cette page.',
  'done.refusedTitle': 'Connexion arrêtée',
  'done.refusedLead':
    'Cette connexion ne peut plus aboutir, et personne n’a été connecté. Vous pouvez fermer cette page.',
  'done.tooLateTitle': 'L’autre appareil est déjà connecté',
  'done.tooLateLead':
    'La connexion avait déjà été approuvée et ne peut plus être arrêtée ici. Si ce n’était pas vous, connectez-vous puis déconnectez-vous partout, ou contactez l’exploitant de ce site.',
  'done.sessionEndedTitle': 'Votre session est terminée',
  'done.sessionEndedLead': 'Rien n’a donc été modifié. Connectez-vous, puis réessayez.',
  'done.signedOutTitle': 'Déconnexion réussie',
  'done.signedOutLead': 'Vous pouvez maintenant fermer cette page.',

  'changed.emailTitle': 'L’adresse a été modifiée',
  'changed.emailLead': 'Le compte {account} sur {app} a maintenant l’adresse {address}.',
  'changed.phoneTitle': 'Le numéro a été modifié',
  'changed.phoneLead': 'Le compte {account} sur {app} a maintenant le numéro {address}.',
  'changed.goBack':
    'Aucune session n’a été ouverte sur cet appareil. Retournez sur l’appareil où vous avez demandé la modification, ou fermez cette page.',
  'changed.notYours': 'Ce n’est pas votre compte ? Contactez l’exploitant de ce site.',

  'stepUp.title': 'Confirmez votre identité',
  'stepUp.lead':
    '{app} vous demande de confirmer votre identité avant d’ouvrir cette page. Nous vous envoyons un lien. Ouvrez‑le sur cet appareil pour continuer.',
  'stepUp.send': 'Recevoir le lien',

  'resume.title': 'Merci',
  'resume.lead': 'Vous avez confirmé votre identité. Envoyez ce que vous avez saisi pour terminer.',

  'error.wait': 'Vous pourrez réessayer {when}.',
  'error.link-used-or-expired.title': 'Ce lien ne fonctionne plus',
  'error.link-used-or-expired.lead':
    'Un lien fonctionne une seule fois et pour une courte durée. Celui-ci a déjà été utilisé ou a expiré.',
  'error.link-unknown.title': 'Ce lien n’est pas valide',
  'error.link-unknown.lead':
    'Il est peut-être incomplet ou trop ancien. Copiez le lien entier depuis le message, ou demandez‑en un nouveau.',
  'error.not-approved.title': 'Rien n’a été approuvé',
  'error.not-approved.lead':
    'Choisissez uniquement le nombre affiché sur votre autre écran. Si c’est ce que vous avez fait, le lien a déjà été utilisé ou a expiré.',
  'error.attempt-refused.title': 'Cette connexion a été arrêtée',
  'error.attempt-refused.lead':
    'La réponse était « Non, ce n’était pas moi » : personne n’a été connecté, et cette connexion ne peut plus être approuvée. Si c’était la vôtre, recommencez.',
  'error.attempt-ended.title': 'Ce lien n’est plus valable',
  'error.attempt-ended.lead':
    'La personne qui l’a demandé s’est déconnectée depuis, ou il est trop ancien. Rien n’a été modifié. Connectez-vous et demandez‑le de nouveau.',
  'error.send-refused.title': 'Aucun lien n’a été envoyé',
  'error.send-refused.lead':
    'Ce site n’a pas accepté la demande. Si vous pensez qu’il le devrait, contactez son exploitant.',
  'error.code-refused.title': 'Cette demande a été arrêtée',
  'error.code-refused.lead':
    'Deux codes erronés ont été saisis : rien n’a été fait, et la demande ne peut plus être approuvée. Si c’était la vôtre, recommencez.',
  'error.bad-request.title': 'La demande n’était pas valide',
  'error.bad-request.lead': 'Un élément de la demande était inattendu, et rien n’a été fait.',
  'error.cross-site.title': 'Veuillez commencer ici',
  'error.cross-site.lead': 'La demande venait d’un autre site, et rien n’a été fait.',
  'error.not-enabled.title': 'Cela ne peut pas être modifié ici',
  'error.not-enabled.lead':
    'Cette application ne propose pas cette modification sur ses pages, et rien n’a été fait.',
  'error.too-many.title': 'Veuillez patienter un instant',
  'error.too-many.lead':
    'Pour protéger les comptes et les messageries, le nombre de demandes est limité. Un lien déjà envoyé fonctionne toujours.',
  'error.unavailable.title': 'La connexion est momentanément indisponible',
  'error.unavailable.lead':
    'Le problème vient de nous et devrait bientôt être résolu. Les sessions ouvertes le restent.',
  'error.sign-in-failed.title': 'La connexion n’a pas abouti',
  'error.sign-in-failed.lead':
    'Votre session n’a pas été ouverte. Le problème vient de nous. Un nouveau lien peut aider ; sinon, contactez l’exploitant de ce site.',
  'error.not-allowed.title': 'Vous ne pouvez pas ouvrir cette page',
  'error.not-allowed.lead': 'Votre session est ouverte, mais votre compte n’y a pas accès.',

  'emulator.note': 'Émulateur en cours d’utilisation : aucun message ne quitte cette machine.',
  'emulator.inbox': 'Ouvrir la boîte de réception',
}
