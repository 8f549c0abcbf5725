//! Volumes that outlive a replica: shares of one storage account that the environment knows by name.
//!
//! A named volume is one share, whichever apps mount it. A folder of the machine is a share of the one
//! app. What only reads a share reads it under a name of its own.

use super::names;
use super::workload::{Kept, Workload};
use crate::model::{Memory, VolumeSource};
use crate::render::bicep;

/// What a share holds when nothing is said, in GiB.
const QUOTA: u64 = 1024;
/// The longest name of a share, and of what the environment calls it.
const SHARE_LENGTH: usize = 63;
const MOUNT_LENGTH: usize = 32;

/// The volumes of one environment.
#[derive(Debug, Default)]
pub(super) struct Volumes {
    pub(super) shares: Vec<Share>,
    pub(super) mounts: Vec<Mount>,
    /// Output of the environment's module to the symbol of a mount.
    pub(super) outputs: Vec<(String, String)>,
}

#[derive(Debug)]
pub(super) struct Share {
    /// What the volumes on it are called in the manifest.
    key: String,
    pub(super) symbol: String,
    pub(super) name: String,
    /// GiB.
    pub(super) quota: u64,
}

/// What the environment calls a share.
#[derive(Debug)]
pub(super) struct Mount {
    key: (String, bool),
    pub(super) symbol: String,
    pub(super) name: String,
    /// The share's symbol.
    pub(super) share: String,
    pub(super) read_only: bool,
}

impl Volumes {
    pub(super) fn of(workloads: &[Workload<'_>]) -> Self {
        let mut volumes = Self::default();
        for workload in workloads {
            for kept in workload.kept_volumes() {
                volumes.add(workload, &kept);
            }
        }
        volumes
    }

    fn add(&mut self, workload: &Workload<'_>, kept: &Kept<'_>) {
        let (key, name) = match &kept.volume.source {
            VolumeSource::Named(name) => (format!("volume {}", name.get_ref()), name.get_ref().clone()),
            VolumeSource::Folder(_) => {
                let name = format!("{}-{}", workload.name(), kept.name);
                (format!("folder {name}"), name)
            }
            VolumeSource::Temporary => return,
        };
        let quota = kept.volume.size.as_ref().map(|size| size.get_ref());
        let share = self.share(key.clone(), &name, quota);
        let read_only = kept.volume.read_only;
        let key = (key, read_only);
        let symbol = match self.mounts.iter().find(|mount| mount.key == key) {
            Some(known) => known.symbol.clone(),
            None => {
                let whole = if read_only { format!("{name}-ro") } else { name };
                let name = self.free(&names::plain(&whole, MOUNT_LENGTH), |volumes, name| {
                    volumes.mounts.iter().any(|mount| mount.name == name)
                });
                let symbol = format!("storage_{}", bicep::identifier(&name));
                self.mounts.push(Mount { key, symbol: symbol.clone(), name, share, read_only });
                symbol
            }
        };
        self.outputs.push((kept.output.clone(), symbol));
    }

    /// The symbol of a share, which grows to the largest size that is asked for.
    fn share(&mut self, key: String, name: &str, size: Option<&Memory>) -> String {
        let asked = size.map(|size| size.bytes().div_ceil(1 << 30));
        if let Some(known) = self.shares.iter_mut().find(|share| share.key == key) {
            known.quota =
                asked.map_or(known.quota, |asked| if known.quota == QUOTA { asked } else { known.quota.max(asked) });
            return known.symbol.clone();
        }
        let name = self.free(&names::plain(name, SHARE_LENGTH), |volumes, name| {
            volumes.shares.iter().any(|share| share.name == name)
        });
        let symbol = format!("share_{}", bicep::identifier(&name));
        self.shares.push(Share { key, symbol: symbol.clone(), name, quota: asked.unwrap_or(QUOTA) });
        symbol
    }

    /// A name that nothing has yet: a folder's may be one that a volume has.
    fn free(&self, name: &str, is_taken: impl Fn(&Self, &str) -> bool) -> String {
        let mut free = name.to_owned();
        let mut number = 2;
        while is_taken(self, &free) {
            let ending = format!("-{number}");
            let room = MOUNT_LENGTH.saturating_sub(ending.len());
            free = format!("{}{ending}", name.get(..room).unwrap_or(name));
            number += 1;
        }
        free
    }
}
