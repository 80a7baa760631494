//! Asking Netdata Cloud, with a token that is used and forgotten.

use crate::cloud::{Cloud, CloudError};
use crate::secret::Secret;
use crate::wizard::context::{CloudQuestion, CloudReply};

/// The answer to one question.
pub(super) async fn ask(
    base: &str,
    token: Secret,
    question: CloudQuestion,
) -> Result<CloudReply, CloudError> {
    let cloud = Cloud::new(base, token)?;
    Ok(match question {
        CloudQuestion::Spaces => {
            let user = cloud.whoami().await?;
            CloudReply::Spaces(user, cloud.spaces().await?)
        }
        CloudQuestion::Rooms(space) => CloudReply::Rooms(cloud.rooms(&space).await?),
        CloudQuestion::Nodes { space, room } => CloudReply::Nodes(cloud.nodes(&space, &room).await?),
    })
}
