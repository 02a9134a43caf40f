//! Spanish.

use super::{Language, Remarks};

pub(super) const LANGUAGE: Language = Language {
    code: "es",
    hello: &["[Hola|Buenos días|Buenas tardes|Buenas]", "Hola [equipo|a todos]", "Estimado equipo"],
    bye: &["[Saludos|Un saludo|Muchas gracias|Gracias de antemano]", "Quedo a la espera"],
    negative_tail: &[
        "[Es una vergüenza|Estoy harto|Muy decepcionado]",
        "[Arréglenlo ya, por favor|¿Cuándo lo van a arreglar?]",
        "Así no se puede trabajar",
        "Ya estamos mirando [otras opciones|otra herramienta]",
    ],
    positive_tail: &[
        "[Muchas gracias|Sigan así|Enhorabuena]!",
        "[Lo recomiendo|Muy recomendable]",
        "[Todo el equipo|Mi jefe] está encantado",
    ],
    remarks: &[
        Remarks {
            topic: "login_access",
            negative: &[
                "No puedo [entrar en mi cuenta|iniciar sesión] desde [ayer|el lunes|hace {2-6} días], [dice que la contraseña no es válida|me devuelve al principio]",
                "Me cierra la sesión [cada hora|a cada rato] y el código [no llega|llega caducado]",
            ],
            positive: &["Entrar con la huella [es comodísimo|va de maravilla]"],
            neutral: &["¿Cómo [cambio la contraseña|activo el doble factor]?"],
        },
        Remarks {
            topic: "performance",
            negative: &[
                "[Va lentísimo|Es desesperadamente lento], un tablero tarda {15-45} segundos en abrir",
                "Desde la última actualización [todo va a tirones|se queda pensando], [perdemos mucho tiempo|insoportable]",
            ],
            positive: &[
                "[Rapidísimo|Va como un tiro], [hasta los tableros grandes abren al momento|una maravilla]",
                "Últimamente va mucho más rápido, [gracias|se nota]",
            ],
            neutral: &["La velocidad es normal, ni rápida ni lenta"],
        },
        Remarks {
            topic: "stability",
            negative: &[
                "La aplicación se cierra sola [cada dos por tres|al abrir una tarjeta], he perdido [todo lo escrito|una hora de trabajo]",
            ],
            positive: &["[Muy estable|Ni un solo fallo en {3-9} meses]"],
            neutral: &["¿Dónde está el registro de errores?"],
        },
        Remarks {
            topic: "availability",
            negative: &[
                "[Otra vez caído|Servicio caído] desde las {8-11}, [error 503 en todas partes|nadie puede trabajar]",
                "Llevamos [horas|toda la mañana] sin servicio y [ni una explicación|la página de estado dice que todo va bien]",
            ],
            positive: &["Ni una caída en [todo el año|{6-12} meses], [impresionante|así da gusto]"],
            neutral: &["¿Hay mantenimiento previsto para hoy?"],
        },
        Remarks {
            topic: "pricing",
            negative: &[
                "[Carísimo|Demasiado caro], {money} al mes [por una lista de tareas|es un abuso]",
                "La subida de precio es [una tomadura de pelo|injustificable], {20-45} % más",
            ],
            positive: &["[Buena relación calidad-precio|Un precio justo]"],
            neutral: &["¿Hay [descuento para asociaciones|un plan más barato para equipos pequeños]?"],
        },
        Remarks {
            topic: "billing",
            negative: &[
                "Me han cobrado dos veces en {month} y [nadie me devuelve el dinero|la factura está mal]",
            ],
            positive: &["Facturas claras y [puntuales|sin sorpresas]"],
            neutral: &["¿Dónde descargo la factura del mes pasado?"],
        },
        Remarks {
            topic: "usability",
            negative: &[
                "El menú es [un laberinto|muy confuso], [hacen falta {5-9} clics para todo|no encuentro nada]",
            ],
            positive: &[
                "[Facilísimo|Muy sencillo] de usar, [todo está donde debe|hasta mi jefe lo entiende]",
                "Me encanta el diseño, [limpio|claro] y agradable",
            ],
            neutral: &["Estaría bien [un botón de deshacer|tener atajos de teclado]"],
        },
        Remarks {
            topic: "support",
            negative: &[
                "El soporte [no contesta desde hace {4-12} días|manda respuestas de plantilla], [pésimo servicio|una vergüenza]",
            ],
            positive: &[
                "[Un soporte de diez|Excelente atención], [me respondieron en minutos|lo resolvieron el mismo día]",
                "Gracias a {agent} de soporte, [qué paciencia|un encanto]",
            ],
            neutral: &["¿Atienden también los fines de semana?"],
        },
        Remarks {
            topic: "notifications",
            negative: &[
                "Recibo {30-90} avisos al día, [es una locura|ya no miro ninguno]",
                "Los recordatorios llegan [horas tarde|cuando ya no sirven]",
            ],
            positive: &["Los recordatorios [me salvan la vida|llegan justo a tiempo]"],
            neutral: &["¿Se pueden silenciar los avisos por la noche?"],
        },
    ],
};
