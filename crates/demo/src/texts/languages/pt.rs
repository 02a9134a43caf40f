//! Portuguese, as in Brazil.

use super::{Language, Remarks};

pub(super) const LANGUAGE: Language = Language {
    code: "pt",
    hello: &["[Olá|Oi|Bom dia|Boa tarde]", "Olá [equipe|pessoal]"],
    bye: &["[Obrigado|Obrigada|Abraços|Atenciosamente]", "Aguardo retorno"],
    negative_tail: &[
        "[Que decepção|Assim não dá|Estou muito insatisfeito]",
        "[Resolvam isso logo, por favor|Quando vão arrumar?]",
        "Já estamos procurando [outra ferramenta|alternativas]",
    ],
    positive_tail: &[
        "[Parabéns|Muito obrigado|Continuem assim]!",
        "[Recomendo muito|Recomendo a todos]",
        "A equipe inteira [adora|amou]",
    ],
    remarks: &[
        Remarks {
            topic: "login_access",
            negative: &[
                "Não consigo [entrar na minha conta|fazer login] desde [ontem|segunda], [a senha é recusada|a tela volta para o começo]",
                "O aplicativo me desloga [toda hora|várias vezes por dia] e o código [nunca chega|chega vencido]",
            ],
            positive: &["Entrar com a digital [é muito prático|funciona que é uma beleza]"],
            neutral: &["Como faço para [trocar a senha|ativar a verificação em duas etapas]?"],
        },
        Remarks {
            topic: "performance",
            negative: &[
                "[Lento demais|Uma lentidão absurda], o quadro demora {15-45} segundos para abrir",
                "Tudo trava desde a última atualização, [perdemos horas|insuportável]",
            ],
            positive: &[
                "[Super rápido|Muito veloz], [abre na hora|até os quadros grandes abrem num piscar de olhos]",
                "Ficou bem mais rápido [nas últimas semanas|agora], ótimo trabalho",
            ],
            neutral: &["A velocidade é razoável"],
        },
        Remarks {
            topic: "stability",
            negative: &[
                "O app fecha sozinho [o tempo todo|quando abro um cartão] e perco [tudo o que escrevi|meu trabalho]",
            ],
            positive: &["[Muito estável|Nunca travou em {3-9} meses]"],
            neutral: &["Onde encontro o registro de erros?"],
        },
        Remarks {
            topic: "availability",
            negative: &[
                "Fora do ar [de novo|desde as {8-11}h], [erro 503 em tudo|ninguém consegue trabalhar aqui]",
                "Mais uma queda do serviço e [nenhum aviso|nenhuma explicação]",
            ],
            positive: &["Nenhuma queda [este ano|em {6-12} meses], excelente"],
            neutral: &["Tem manutenção programada para hoje?"],
        },
        Remarks {
            topic: "pricing",
            negative: &[
                "[Caro demais|O aumento de preço é um absurdo], {20-45}% a mais [por nada|pelas mesmas funções]",
            ],
            positive: &["[Ótimo custo-benefício|Preço justo]"],
            neutral: &["Existe desconto para [ONGs|escolas|pagamento anual]?"],
        },
        Remarks {
            topic: "usability",
            negative: &["Interface [confusa|poluída], [preciso de {5-9} cliques para tudo|não acho nada]"],
            positive: &[
                "[Muito fácil|Facílimo] de usar, [minha equipe aprendeu em um dia|tudo no lugar certo]",
            ],
            neutral: &["Seria bom ter [um botão de desfazer|atalhos de teclado]"],
        },
        Remarks {
            topic: "support",
            negative: &["O suporte não responde há {4-12} dias, [péssimo atendimento|um descaso]"],
            positive: &["[Suporte nota dez|Atendimento excelente], [resolveram na hora|muito atenciosos]"],
            neutral: &["O suporte atende aos sábados?"],
        },
        Remarks {
            topic: "mobile_app",
            negative: &[
                "O aplicativo do celular [gasta muita bateria|não tem metade das funções], [que pena|fica difícil usar na obra]",
            ],
            positive: &["O app no celular é [maravilhoso|perfeito para a obra]"],
            neutral: &["Vai ter versão para tablet?"],
        },
    ],
};
