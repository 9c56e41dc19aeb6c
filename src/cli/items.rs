//! What a refusal lists for programs: open fields, unsupported layers, answers to a question; each with its flag.

use serde_json::{Value, json};

use crate::domain::RowsPer;
use crate::evaluation::{self, Question};
use crate::keras;
use crate::text::failures::{Fault, LabelsFault, StudyFault};
use crate::workflow::Error;

/// The items of a list-like refusal, one object each.
pub fn items(error: &Error) -> Vec<Value> {
    let field = |f: &str| json!({"field": f});
    match error {
        Error::Unknown(fields) => fields.iter().map(|f| field(f)).collect(),
        Error::NotImported { fields, .. } => fields
            .iter()
            .map(|f| json!({"field": f, "flag": flag(f)}))
            .collect(),
        Error::Relayed(relayed) => relayed.items.clone(),
        Error::IdTaken { id, .. } => vec![
            json!({"id": id, "answer": "replace it", "flag": "--replace"}),
            json!({"id": id, "answer": "keep both", "flag": "--id NAME"}),
        ],
        Error::SeveralCards { ids, .. } => ids
            .iter()
            .map(|id| json!({"id": id, "flag": format!("--model {id}")}))
            .collect(),
        Error::Keras(keras::Error::Several(members))
        | Error::NoSuchMember { members, .. }
        | Error::NotBeside { members, .. } => members
            .iter()
            .map(|member| json!({"member": member, "flag": format!("--member {}", word(member))}))
            .collect(),
        Error::Open(open) => open.missing.iter().map(|f| field(f)).collect(),
        Error::Keras(keras::Error::Unsupported(layers)) => layers
            .iter()
            .map(|l| json!({"layer": l.layer, "class": l.class, "reason": l.reason}))
            .collect(),
        Error::Evaluation(evaluation::Error::Question(question)) => of_question(question),
        Error::Study(fault) => of_study(fault),
        Error::Refused(fault, _) if **fault == Fault::Labels(LabelsFault::OrderFlipped) => {
            ["swap", "keep"]
                .map(|order| json!({"flag": format!("--label-order {order}")}))
                .to_vec()
        }
        _ => Vec::new(),
    }
}

/// What a study asks for, and the flag that answers.
fn of_study(fault: &StudyFault) -> Vec<Value> {
    match fault {
        StudyFault::Moved { inputs } => {
            let item = |input: &String| {
                let flag = format!("--moved {}", word(&format!("{input}=NEW")));
                json!({"input": input, "flag": flag})
            };
            inputs.iter().map(item).collect()
        }
        // The flags replace the models of the study: all of them are needed.
        StudyFault::ModelsReplaced { all: ids, .. } | StudyFault::ModelsMissing { ids } => ids
            .iter()
            .map(|id| json!({"model": id, "flag": format!("--model {id}")}))
            .collect(),
        _ => Vec::new(),
    }
}

/// The flag of `gantei import` that sets a field.
pub fn flag(field: &str) -> String {
    let value = match field {
        "input_size" => "HxW",
        "labels" => "A,B",
        "mean" | "std" => "A,B,C",
        "imagenet_rescaling" => "yes|no",
        _ => "...",
    };
    format!("{} {value}", flag_name(field))
}

/// The flag's name alone.
pub fn flag_name(field: &str) -> String {
    format!("--{}", field.replace('_', "-"))
}

/// The subject of a question, and the flag that answers it.
fn of_question(question: &Question) -> Vec<Value> {
    match question {
        Question::Values(requested) => {
            let [zero, one] = &requested.labels;
            let item = |(value, count): &(String, usize)| {
                json!({
                    "column": requested.column,
                    "value": value,
                    "count": count,
                    "answers": [zero, one, "-"],
                    "flag": format!("--values {}", quoted(value, "LABEL")),
                })
            };
            requested.values.iter().map(item).collect()
        }
        Question::Column { role, found, .. } => {
            let item = |name: &String| {
                json!({
                    "role": role.as_str(),
                    "column": name,
                    "flag": format!("--columns {}", quoted(role.as_str(), name)),
                })
            };
            found.iter().map(item).collect()
        }
        Question::LeadingZeros {
            photographs,
            example: (name, photograph),
        } => vec![json!({
            "photographs": photographs,
            "name": name,
            "photograph": photograph,
            "flag": "--ignore-leading-zeros",
        })],
        Question::Sheet { found } => {
            let item = |(name, lines): &(String, usize)| {
                json!({
                    "sheet": name,
                    "lines": lines,
                    "flag": format!("--sheet {}", word(name)),
                })
            };
            found.iter().map(item).collect()
        }
        Question::RowsPer(question) => [question.per, RowsPer::Photograph]
            .map(|per| {
                json!({
                    "rows_per": per.as_str(),
                    "column": question.column,
                    "photographs": question.photographs,
                    "rows": question.rows,
                    "name": question.example.0,
                    "photograph": question.example.1,
                    "flag": format!("--rows-per {}", per.as_str()),
                })
            })
            .to_vec(),
    }
}

/// `name=value` as `--columns` and `--values` read it, quoted for a shell: double quotes keep a comma or a double quote
/// in one pair, single quotes protect everything from the shell.
fn quoted(name: &str, value: &str) -> String {
    let mut pair = format!("{name}={value}");
    if pair.contains([',', '"']) {
        pair = format!("\"{}\"", pair.replace('"', "\"\""));
    }
    word(&pair)
}

/// One word of a shell.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_.=/".contains(c);
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::ValuesQuestion;

    #[test]
    fn what_is_asked_comes_with_the_flag_that_answers() {
        let values = Question::Values(ValuesQuestion {
            column: "sex".into(),
            labels: ["female".into(), "male".into()],
            values: vec![("1".into(), 3), ("2".into(), 4)],
            more: 0,
        });
        let flags = |error: &Error| -> Vec<Value> {
            let items = items(error).into_iter();
            items.map(|mut item| item["flag"].take()).collect()
        };
        let requested = Error::from(evaluation::Error::Question(values));
        assert_eq!(flags(&requested), ["--values 1=LABEL", "--values 2=LABEL"]);
        let zeros = Error::from(evaluation::Error::Question(Question::LeadingZeros {
            photographs: 8,
            example: ("12".into(), "00012.jpg".into()),
        }));
        assert_eq!(flags(&zeros), ["--ignore-leading-zeros"]);
        let order = Fault::Labels(LabelsFault::OrderFlipped);
        let order = Error::refused(order, String::new());
        assert_eq!(flags(&order), ["--label-order swap", "--label-order keep"]);
        let open = Error::NotImported {
            file: "m.h5".into(),
            fields: vec!["input_size".into(), "scaling".into()],
            beside: None,
        };
        assert_eq!(flags(&open), ["--input-size HxW", "--scaling ..."]);
    }
}
