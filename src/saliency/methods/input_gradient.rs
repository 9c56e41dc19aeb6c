//! The target's gradient with respect to each value of the input.

use super::{Explanation, InputToExplain, MethodDescription, Needs, Network, Output, PLAIN};
use crate::saliency::{Error, MeanGradient};

pub(super) const FACTS: MethodDescription = MethodDescription {
    name: ["input gradient", "入力勾配"],
    authors: &["Simonyan", "Vedaldi", "Zisserman"],
    year: 2013,
    reference: "Deep inside convolutional networks: visualising image classification models and saliency maps, arXiv:1312.6034",
    needs: Needs::InputGradient,
    ..PLAIN
};

pub(super) fn explain<N: Network>(
    task: &InputToExplain<'_>,
    network: &mut N,
) -> Result<Explanation, N::Error> {
    let found = network.run(task.x, &[Output::InputGradient, Output::Logit])?;
    let [gradient, logit] = found.as_slice() else {
        return Err(Error::Shape("the engine returned no gradient".to_owned()).into());
    };
    let mut mean = MeanGradient::new(task.x);
    mean.add(gradient)?;
    let attribution = mean.attribution(task.recipe.method, task.target)?;
    Ok(attribution.explanation(task.target.value(&logit.values)?)?)
}
