//! What Netdata Cloud has: the spaces of a token, the rooms of a space.

use crate::cloud::{CloudRoom, CloudUser, Space};
use crate::secret::Secret;

/// What is known of Netdata Cloud.
#[derive(Clone, Debug, Default)]
pub struct CloudContext {
    /// The question that is under way, and the token that it was asked with.
    pub asked: Option<(Secret, CloudQuestion)>,
    /// What a token opens.
    pub known: Option<KnownSpaces>,
    /// The rooms of a space.
    pub listed: Option<ListedRooms>,
    /// A question that was not answered: it is not asked again by itself.
    pub failed: Option<CloudQuestion>,
}

/// Whose token it is, and what it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSpaces {
    /// The token.
    pub token: Secret,
    /// Whose it is.
    pub user: CloudUser,
    /// The spaces.
    pub spaces: Vec<Space>,
}

/// The rooms of a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRooms {
    /// The space's id.
    pub space: String,
    /// Its rooms in the order in which they are offered: all nodes first, then by name.
    pub rooms: Vec<CloudRoom>,
}

impl ListedRooms {
    /// The rooms of this space.
    #[must_use]
    pub fn new(space: String, mut rooms: Vec<CloudRoom>) -> Self {
        rooms.sort_by(|a, b| b.everything.cmp(&a.everything).then_with(|| a.name.cmp(&b.name)));
        Self { space, rooms }
    }
}

/// What is asked of Netdata Cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloudQuestion {
    /// Whose token it is, and the spaces.
    Spaces,
    /// The rooms of this space.
    Rooms(String),
    /// The nodes of a room.
    Nodes {
        /// The space's id.
        space: String,
        /// The room's id.
        room: String,
    },
}

/// What Netdata Cloud replies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloudReply {
    /// To [`CloudQuestion::Spaces`].
    Spaces(CloudUser, Vec<Space>),
    /// To [`CloudQuestion::Rooms`].
    Rooms(Vec<CloudRoom>),
    /// To [`CloudQuestion::Nodes`].
    Nodes(Vec<String>),
}
