//! Which range an address belongs to, for all ranges that are not the open internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range that nothing is sent to by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    Loopback,
    Private,
    /// Behind a provider's translation (100.64.0.0/10).
    Shared,
    LinkLocal,
    /// Where clouds give credentials away.
    Metadata,
    Multicast,
    Unspecified,
    /// For documentation, measurement, the future, or a translation that leads who knows where.
    Reserved,
}

impl Range {
    /// Whether a target may name addresses of it as its own.
    #[must_use]
    pub fn can_be_allowed(self) -> bool {
        matches!(self, Self::Loopback | Self::Private | Self::Shared)
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Loopback => "this machine itself",
            Self::Private => "a private network",
            Self::Shared => "a provider's shared network",
            Self::LinkLocal => "the local link",
            Self::Metadata => "a cloud's metadata service",
            Self::Multicast => "a multicast group",
            Self::Unspecified => "no address at all",
            Self::Reserved => "a reserved range",
        })
    }
}

/// `None` for an address of the open internet.
#[must_use]
pub fn range_of(ip: IpAddr) -> Option<Range> {
    match ip {
        IpAddr::V4(ip) => of_v4(ip),
        IpAddr::V6(ip) => of_v6(ip),
    }
}

fn of_v4(ip: Ipv4Addr) -> Option<Range> {
    // Amazon's, Google's and others' lie on the local link; Azure's, Alibaba's and Oracle's do not.
    const METADATA: [[u8; 4]; 4] =
        [[169, 254, 169, 254], [168, 63, 129, 16], [100, 100, 100, 200], [192, 0, 0, 192]];
    let octets = ip.octets();
    if METADATA.contains(&octets) {
        return Some(Range::Metadata);
    }
    Some(match octets {
        [0, 0, 0, 0] => Range::Unspecified,
        [127, ..] => Range::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Range::Private,
        [100, 64..=127, ..] => Range::Shared,
        [169, 254, ..] => Range::LinkLocal,
        [224..=239, ..] => Range::Multicast,
        [0 | 240..=255, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18..=19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Range::Reserved,
        _ => return None,
    })
}

fn of_v6(ip: Ipv6Addr) -> Option<Range> {
    let [a, b, .., y, z] = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match ip.segments() {
        // Amazon's services for its own machines, and Google's for those without IPv4.
        [0xfd00, 0xec2, ..] | [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254] => Some(Range::Metadata),
        [0, 0, 0, 0, 0, 0, 0, 0] => Some(Range::Unspecified),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some(Range::Loopback),
        // An IPv4 address as IPv6 writes it goes where the IPv4 address goes.
        [0, 0, 0, 0, 0, 0xffff, ..] => of_v4(v4(y, z)),
        // NAT64 (RFC 6052) leads to the IPv4 address too, from the translator's place.
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => of_v4(v4(y, z)).map(not_to_be_allowed),
        // 6to4 carries one as well.
        [0x2002, high, low, ..] => of_v4(v4(high, low)).map(not_to_be_allowed),
        _ => of_plain_v6(a, b),
    }
}

/// By the first two segments of an address that carries no other one.
fn of_plain_v6(a: u16, b: u16) -> Option<Range> {
    Some(match (a, b) {
        (0xfe80..=0xfebf, _) => Range::LinkLocal,
        // Site-local addresses are private ones of former days.
        (0xfc00..=0xfdff | 0xfec0..=0xfeff, _) => Range::Private,
        (0xff00..=0xffff, _) => Range::Multicast,
        // Documentation; IETF protocols, Teredo and ORCHID among them.
        (0x2001, 0xdb8 | 0..=0x1ff) | (0x3fff, 0..=0xfff) => Range::Reserved,
        // What is global lies in 2000::/3; the rest is not handed out: local NAT64, discard, segment routing.
        (0x2000..=0x3fff, _) => return None,
        _ => Range::Reserved,
    })
}

/// An address inside that is reached through a translator is nobody's own.
fn not_to_be_allowed(range: Range) -> Range {
    if range.can_be_allowed() { Range::Reserved } else { range }
}
