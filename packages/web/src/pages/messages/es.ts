import type { Catalogue } from './en.ts'

/** Spanish, formal. */
export const es: Catalogue = {
  'action.signIn': 'Iniciar sesión',
  'action.signInAgain': 'Volver a iniciar sesión',
  'action.startAgain': 'Empezar de nuevo',
  'action.newLink': 'Obtener un enlace nuevo',
  'action.continue': 'Continuar',
  'action.tryAgain': 'Reintentar',
  'action.tryAgainIn': 'Reintentar en {time}',
  'action.goBack': 'Volver',
  'action.goToApp': 'Ir a {app}',

  'link.lifetime': 'El enlace funciona una sola vez, durante {duration}.',
  'link.shortLifetime': 'El enlace funciona una sola vez y por poco tiempo.',

  'request.account': 'Cuenta',
  'request.from': 'Solicitado desde',
  'request.browser': '{browser} en {system}',
  'request.when': 'Cuándo',
  'request.justNow': 'ahora mismo',
  'request.newEmail': 'Dirección nueva',
  'request.newPhone': 'Número nuevo',

  'signIn.title': 'Iniciar sesión',
  'signIn.lead': 'No necesita contraseña: le enviamos un enlace que solo tiene que abrir.',
  'signIn.leadForAll':
    'No necesita contraseña. ¿Es su primera visita? El mismo enlace crea su cuenta.',
  'signUp.title': 'Crear su cuenta',
  'signUp.lead': 'No hay que elegir contraseña: le enviamos un enlace que solo tiene que abrir.',
  'signIn.tabOnError': 'Error: {title}',
  'signIn.email': 'Correo electrónico',
  'signIn.emailMistake': 'Introduzca una dirección completa, como nombre@example.com.',
  'signIn.phone': 'Número de teléfono',
  'signIn.phoneHint': 'Empiece por el prefijo del país, como +34.',
  'signIn.phoneMistake': 'Introduzca un número completo, como +34 612 34 56 78.',
  'signIn.either': 'Correo electrónico o número de teléfono',
  'signIn.eitherHint': 'Si es un número, empiece por el prefijo del país, como +34.',
  'signIn.eitherMistake':
    'Introduzca una dirección o un número completo, como nombre@example.com o +34 612 34 56 78.',
  'signIn.byEmail': 'Recibir un enlace por correo',
  'signIn.bySms': 'Recibir un enlace por SMS',
  'signIn.byWhatsapp': 'Recibir un enlace por WhatsApp',
  'signIn.onOtherDevice': 'Usar otro dispositivo',

  'signedIn.title': 'Ha iniciado sesión',
  'signedIn.here': 'Ya tiene la sesión iniciada aquí como {user}.',
  'signedIn.inBrowser': 'Ya tiene la sesión iniciada en este navegador.',
  'signedIn.orSignIn': 'O inicie sesión con otra cuenta',

  'inbox.emailTitle': 'Revise su correo',
  'inbox.smsTitle': 'Revise sus SMS',
  'inbox.whatsappTitle': 'Abra WhatsApp',
  'inbox.emailSent': 'Hemos enviado un enlace a {address}.',
  'inbox.smsSent': 'Hemos enviado un enlace por SMS al {address}.',
  'inbox.whatsappSent': 'Hemos enviado un enlace por WhatsApp al {address}.',
  'inbox.toSignIn': 'Ábralo en este dispositivo para iniciar sesión.',
  'inbox.toContinue': 'Ábralo en este dispositivo para continuar.',
  'inbox.toChange': 'Ábralo para hacer el cambio.',
  'inbox.open': 'Abrir {provider}',
  'inbox.emailTip':
    '¿No ha llegado nada? Mire en la carpeta de spam y compruebe que la dirección esté bien escrita.',
  'inbox.phoneTip': '¿No ha llegado nada? Compruebe el número y el prefijo del país.',
  'inbox.resend': 'Enviar otro enlace',
  'inbox.resendIn': 'Enviar otro enlace en {time}',
  'inbox.otherEmail': 'Usar otra dirección',
  'inbox.otherPhone': 'Usar otro número',
  'inbox.codeElsewhere':
    '¿Lo ha abierto en otro dispositivo? Escriba allí este código y no se lo diga a nadie:',
  'inbox.codeStatus': 'Esperando a que abra el enlace',
  'inbox.unknownTitle': 'Revise sus mensajes',
  'inbox.unknownLead':
    'Si ha solicitado un enlace, está en camino. Ábralo y use el botón de su página.',
  'inbox.another': 'Obtener otro enlace',

  'waiting.tab': '{figure} · Le esperamos',
  'waiting.numberTitle': 'Elija {number} en el correo',
  'waiting.numberLead':
    'Hemos enviado tres números a {address}. Abra el mensaje en cualquier dispositivo y elija el número que se muestra aquí.',
  'waiting.numberStatus': 'Esperando a que elija {number}',
  'waiting.numberTip':
    '¿No hay mensaje? Mire en la carpeta de spam o {startAgain}. No elija nunca un número que le diga otra persona.',
  'waiting.codeTitle': 'Escriba {code} en su otro dispositivo',
  'waiting.codeLead':
    '¿Ha elegido {number} en el correo enviado a {address}? Entonces escriba allí este código.',
  'waiting.codeStatus': 'Esperando a que escriba {code}',
  'waiting.codeTip':
    '¿Todavía no? Elija primero {number} en el correo o {startAgain}. No le diga este código a nadie.',
  'waiting.startAgain': 'empiece de nuevo',
  'waiting.linkTime': 'Válido durante {time} más',
  'waiting.pageTime': 'Esta página esperará {time} más',
  'waiting.timeUp': 'Se acabó el tiempo',
  'waiting.offline': 'Sin conexión en este momento, seguimos intentándolo',
  'waiting.approved': 'Aprobado',
  'waiting.signingIn': 'Aprobado, iniciando su sesión',
  'waiting.approvedLead': 'Ha aprobado este inicio de sesión. Falta un paso en este dispositivo.',
  'waiting.refusedTitle': 'Este inicio de sesión se ha detenido',
  'waiting.refusedLead': 'La respuesta fue «No, no he sido yo». No se ha iniciado ninguna sesión.',
  'waiting.codeRefusedLead':
    'Se escribieron dos códigos incorrectos en el otro dispositivo. No se ha iniciado ninguna sesión.',
  'waiting.expiredTitle': 'El enlace ha caducado',
  'waiting.expiredLead': 'No se abrió a tiempo. No se ha iniciado ninguna sesión.',

  'confirm.signInTitle': '¿Iniciar sesión en {app}?',
  'confirm.signInLead': 'Use el botón para iniciar sesión en este dispositivo.',
  'confirm.signIn': 'Iniciar sesión aquí',
  'confirm.switch':
    'Tiene la sesión iniciada aquí como {user}. Si el enlace es de otra cuenta, cambiará a ella.',
  'confirm.stepUpTitle': 'Confirme su identidad',
  'confirm.stepUpLead': '{app} necesita que confirme su identidad antes de continuar.',
  'confirm.stepUp': 'Confirmar y continuar',
  'confirm.emailTitle': 'Confirme su nueva dirección',
  'confirm.emailLead':
    'Confirme solo si es su propia cuenta de {app}. A partir de ahora tendrá esta dirección.',
  'confirm.email': 'Usar esta dirección',
  'confirm.phoneTitle': 'Confirme su nuevo número',
  'confirm.phoneLead':
    'Confirme solo si es su propia cuenta de {app}. A partir de ahora tendrá este número.',
  'confirm.phone': 'Usar este número',
  'confirm.cookiesTitle': 'Permita las cookies e inténtelo de nuevo',
  'confirm.cookiesLead':
    'Su navegador no ha guardado la cookie de este sitio, así que su sesión no se mantendría. El enlace no se ha usado. Permita las cookies y use de nuevo el botón.',
  'confirm.notYou': '¿No lo ha solicitado usted? Cierre esta página. No pasará nada.',
  'confirm.otherDeviceTitle': '¿Es usted en el otro dispositivo?',
  'confirm.otherDeviceLead':
    'Otro dispositivo con la sesión iniciada en {app} espera a que confirme su identidad.',
  'confirm.otherDeviceHint': 'Cuatro cifras. Están en la pantalla en la que solicitó este enlace.',
  'confirm.otherDevice': 'Confirmar mi identidad',
  'confirm.otherDeviceNotYou':
    '¿No lo ha solicitado usted? Cierre esta página. No escriba nunca un código que le diga otra persona.',

  'code.label': 'Código de la otra pantalla',
  'code.mistake': 'Ese no es el código. Mire la pantalla en la que empezó y escríbalo de nuevo.',

  'approve.title': '¿Está iniciando sesión?',
  'approve.lead': 'Otro dispositivo espera para iniciar sesión en {app}.',
  'approve.question': '¿Muestra la pantalla en la que empezó el número que ha elegido?',
  'approve.codeHint': 'Cuatro cifras. Aparecieron allí cuando abrió este enlace.',
  'approve.yes': 'Sí, iniciar sesión allí',
  'approve.no': 'No, no he sido yo',

  'done.approvedTitle': 'Vuelva a su otro dispositivo',
  'done.approvedLead': 'Allí todo continúa automáticamente. Puede cerrar esta página.',
  'done.refusedTitle': 'Inicio de sesión detenido',
  'done.refusedLead':
    'Ese inicio de sesión ya no se puede completar, y no se ha iniciado ninguna sesión. Puede cerrar esta página.',
  'done.tooLateTitle': 'El otro dispositivo ya ha iniciado sesión',
  'done.tooLateLead':
    'El inicio de sesión ya estaba aprobado y no se puede detener aquí. Si no ha sido usted, inicie sesión y ciérrela en todas partes, o póngase en contacto con el responsable de este sitio.',
  'done.sessionEndedTitle': 'Su sesión está cerrada',
  'done.sessionEndedLead':
    'La sesión había terminado, así que no se ha cambiado nada. Inicie sesión e inténtelo de nuevo.',
  'done.signedOutTitle': 'Ha cerrado la sesión',
  'done.signedOutLead': 'Ya puede cerrar esta página.',

  'changed.emailTitle': 'Se ha cambiado la dirección',
  'changed.emailLead': 'La cuenta {account} de {app} tiene ahora la dirección {address}.',
  'changed.phoneTitle': 'Se ha cambiado el número',
  'changed.phoneLead': 'La cuenta {account} de {app} tiene ahora el número {address}.',
  'changed.goBack':
    'No se ha iniciado sesión en este dispositivo. Vuelva al dispositivo en el que solicitó el cambio o cierre esta página.',
  'changed.notYours': '¿No es su cuenta? Póngase en contacto con el responsable de este sitio.',

  'stepUp.title': 'Confirme su identidad',
  'stepUp.lead':
    '{app} necesita que confirme su identidad antes de abrir esta página. Le enviamos un enlace. Ábralo en este dispositivo para continuar.',
  'stepUp.send': 'Enviarme el enlace',

  'resume.title': 'Gracias',
  'resume.lead': 'Ha confirmado su identidad. Envíe lo que ha introducido para terminar.',

  'error.wait': 'Puede intentarlo de nuevo {when}.',
  'error.link-used-or-expired.title': 'Este enlace ya no funciona',
  'error.link-used-or-expired.lead':
    'Un enlace funciona una sola vez y por poco tiempo. Este ya se ha usado o ha caducado.',
  'error.link-unknown.title': 'Este enlace no es válido',
  'error.link-unknown.lead':
    'Puede que le falte una parte o que sea demasiado antiguo. Copie el enlace completo del mensaje u obtenga uno nuevo.',
  'error.not-approved.title': 'No se ha aprobado nada',
  'error.not-approved.lead':
    'Elija solo el número que muestra su otra pantalla. Si lo ha hecho, el enlace ya se ha usado o ha caducado.',
  'error.attempt-refused.title': 'Este inicio de sesión se ha detenido',
  'error.attempt-refused.lead':
    'La respuesta fue «No, no he sido yo», así que no se ha iniciado ninguna sesión y este inicio de sesión ya no se puede aprobar. Si era suyo, empiece de nuevo.',
  'error.attempt-ended.title': 'Este enlace ya no es válido',
  'error.attempt-ended.lead':
    'Quien lo solicitó ha cerrado la sesión desde entonces, o el enlace es demasiado antiguo. No se ha cambiado nada. Inicie sesión y solicítelo de nuevo.',
  'error.send-refused.title': 'No se ha enviado ningún enlace',
  'error.send-refused.lead':
    'Este sitio no ha aceptado la solicitud. Si cree que debería hacerlo, póngase en contacto con su responsable.',
  'error.code-refused.title': 'Esta solicitud se ha detenido',
  'error.code-refused.lead':
    'Se escribieron dos códigos incorrectos, así que no se ha hecho nada y la solicitud ya no se puede aprobar. Si era la suya, empiece de nuevo.',
  'error.bad-request.title': 'La solicitud no era válida',
  'error.bad-request.lead':
    'Algo en la solicitud no era como se esperaba, así que no se ha hecho nada.',
  'error.cross-site.title': 'Empiece aquí, por favor',
  'error.cross-site.lead': 'La solicitud venía de otro sitio, así que no se ha hecho nada.',
  'error.not-enabled.title': 'Esto no se puede cambiar aquí',
  'error.not-enabled.lead':
    'Esta aplicación no ofrece ese cambio en sus páginas, así que no se ha hecho nada.',
  'error.too-many.title': 'Espere un momento, por favor',
  'error.too-many.lead':
    'Para proteger las cuentas y los buzones, el número de solicitudes está limitado. Un enlace que ya se envió sigue funcionando.',
  'error.unavailable.title': 'Ahora no es posible iniciar sesión',
  'error.unavailable.lead':
    'El problema es nuestro y debería resolverse pronto. Las sesiones iniciadas se mantienen.',
  'error.sign-in-failed.title': 'No se pudo iniciar la sesión',
  'error.sign-in-failed.lead':
    'Su sesión no se ha iniciado. El problema es nuestro. Un enlace nuevo puede ayudar; si no, póngase en contacto con el responsable de este sitio.',
  'error.not-allowed.title': 'No puede abrir esta página',
  'error.not-allowed.lead': 'Ha iniciado sesión, pero su cuenta no tiene acceso a esta página.',

  'emulator.note': 'Funciona con el emulador: ningún mensaje sale de este equipo.',
  'emulator.inbox': 'Abrir la bandeja de entrada',
}
