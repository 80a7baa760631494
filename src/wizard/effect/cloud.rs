//! Asking Netdata Cloud, with a token that is used and forgotten.

use crate::cloud::{Cloud, CloudError, CloudUser, Room, Space};
use crate::secret::Secret;
use crate::text::one_line;
use crate::wizard::context::{CloudQuestion, CloudReply};

/// Longest name that is shown, in characters.
const LONGEST_NAME: usize = 100;

/// The answer to one question.
pub(super) async fn ask(
    base: &str,
    token: Secret,
    question: CloudQuestion,
) -> Result<CloudReply, CloudError> {
    let cloud = Cloud::new(base, token)?;
    Ok(match question {
        CloudQuestion::Spaces => {
            let CloudUser { name, email } = cloud.whoami().await?;
            let user = CloudUser { name: fit(&name), email: fit(&email) };
            let spaces = cloud.spaces().await?.into_iter();
            CloudReply::Spaces(user, spaces.map(|space| Space { name: fit(&space.name), ..space }).collect())
        }
        CloudQuestion::Rooms(space) => {
            let rooms = cloud.rooms(&space).await?.into_iter();
            CloudReply::Rooms(rooms.map(|room| Room { name: fit(&room.name), ..room }).collect())
        }
        CloudQuestion::Nodes { space, room } => CloudReply::Nodes(cloud.nodes(&space, &room).await?),
    })
}

/// A name as it can be shown.
fn fit(name: &str) -> String {
    one_line(name, LONGEST_NAME)
}
