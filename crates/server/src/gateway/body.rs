//! The body of a request, within bounds: in bytes as sent and as unpacked, in time, and in room over all requests.
//!
//! Room is taken before anything is read into it, so that what waits in memory is bounded whoever sends how much.

use super::room::{Room, Slot};
use super::trouble::Trouble;
use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, header::CONTENT_ENCODING};
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt;
use std::io::Read;
use tokio::time::{Instant, timeout_at};

/// The least that a buffer grows by, and what is unpacked at once.
const STEP: usize = 16 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Plain,
    Gzip,
}

/// A body as it was sent: what signatures are made over.
#[derive(Debug)]
pub(super) struct Sent {
    bytes: Bytes,
    encoding: Encoding,
    slot: Slot,
}

/// A body to be looked at, and the room that it and what is made of it take.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub bytes: Bytes,
    pub slot: Slot,
}

/// Reads a body of at most `most` bytes until `deadline`. For a length that is told there is room before the first byte, or
/// none at all.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    room: &Room,
    most: usize,
    deadline: Instant,
) -> Result<Sent, Trouble> {
    let encoding = Encoding::of(headers)?;
    let mut kept = Kept::of(&body, room, most)?;
    if let Some(told) = told(&body) {
        kept.reserve(told)?;
    }
    receive(body, encoding, kept, deadline).await
}

/// The same of a sender who is not known yet: a length that is told takes no room before its bytes are there.
pub(super) async fn read_as_it_comes(
    headers: &HeaderMap,
    body: Body,
    room: &Room,
    most: usize,
    deadline: Instant,
) -> Result<Sent, Trouble> {
    let encoding = Encoding::of(headers)?;
    let kept = Kept::of(&body, room, most)?;
    receive(body, encoding, kept, deadline).await
}

async fn receive(body: Body, encoding: Encoding, mut kept: Kept, deadline: Instant) -> Result<Sent, Trouble> {
    timeout_at(deadline, fill(body, &mut kept)).await.map_err(|_| Trouble::Slow)??;
    Ok(Sent { bytes: kept.bytes.into(), encoding, slot: kept.slot })
}

fn told(body: &Body) -> Option<usize> {
    body.size_hint().exact().and_then(|told| usize::try_from(told).ok())
}

async fn fill(mut body: Body, kept: &mut Kept) -> Result<(), Trouble> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Trouble::BrokenOff)?;
        if let Some(data) = frame.data_ref() {
            kept.push(data)?;
        }
    }
    Ok(())
}

impl Sent {
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How much work it is to look at it, in bytes; of what is packed nobody knows.
    pub fn work(&self) -> usize {
        match self.encoding {
            Encoding::Plain => self.bytes.len(),
            Encoding::Gzip => usize::MAX,
        }
    }

    /// What was sent, unpacked to at most `most` bytes. Takes processor time where it is packed.
    pub fn unpack(self, most: usize) -> Result<Unpacked, Trouble> {
        if self.encoding == Encoding::Plain {
            return Ok(Unpacked { bytes: self.bytes, slot: self.slot });
        }
        let mut kept = Kept { bytes: Vec::new(), slot: self.slot, most, likely: most };
        inflate(&self.bytes, &mut kept)?;
        Ok(Unpacked { bytes: kept.bytes.into(), slot: kept.slot })
    }
}

/// Of several members, as tools that compress in chunks write them, what they hold one after another.
fn inflate(packed: &[u8], kept: &mut Kept) -> Result<(), Trouble> {
    let mut members = MultiGzDecoder::new(packed);
    let mut chunk = vec![0; STEP];
    loop {
        match members.read(&mut chunk).map_err(|_| Trouble::NotGzip)? {
            0 => return Ok(()),
            read => kept.push(&chunk[..read])?,
        }
    }
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Result<Self, Trouble> {
        let mut encoding = Self::Plain;
        for value in headers.get_all(CONTENT_ENCODING) {
            let value = value.to_str().map_err(|_| Trouble::Encoding)?.to_ascii_lowercase();
            for name in value.split(',').map(str::trim) {
                match (name, encoding) {
                    ("" | "identity", _) => {}
                    ("gzip" | "x-gzip", Self::Plain) => encoding = Self::Gzip,
                    _ => return Err(Trouble::Encoding),
                }
            }
        }
        Ok(encoding)
    }
}

/// A buffer that takes room for what it has allocated.
struct Kept {
    bytes: Vec<u8>,
    slot: Slot,
    most: usize,
    /// It grows to this, and only where that is too little beyond.
    likely: usize,
}

impl Kept {
    /// Nothing yet of a body.
    fn of(body: &Body, room: &Room, most: usize) -> Result<Self, Trouble> {
        if body.size_hint().lower() > most as u64 {
            return Err(Trouble::TooLarge { most });
        }
        let likely = told(body).unwrap_or(most);
        Ok(Self { bytes: Vec::new(), slot: room.slot(), most, likely })
    }

    fn push(&mut self, chunk: &[u8]) -> Result<(), Trouble> {
        let all = self.bytes.len() + chunk.len();
        if all > self.most {
            return Err(Trouble::TooLarge { most: self.most });
        }
        if all > self.bytes.capacity() {
            // By doubling, so that nothing is copied often.
            let ahead = (2 * self.bytes.capacity()).max(STEP).min(self.likely);
            self.reserve(all.max(ahead))?;
        }
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    fn reserve(&mut self, capacity: usize) -> Result<(), Trouble> {
        self.slot.grow(capacity - self.bytes.capacity())?;
        self.bytes.reserve_exact(capacity - self.bytes.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use flate2::{Compression, write::GzEncoder};
    use hyper::body::{Frame, SizeHint};
    use std::convert::Infallible;
    use std::io::Write;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    const KIB: usize = 1 << 10;

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(3_600)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(text).unwrap();
        packed.finish().unwrap()
    }

    fn packed() -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static("gzip"))])
    }

    fn chunks(chunks: &[&'static [u8]]) -> Body {
        let chunks: Vec<_> =
            chunks.iter().map(|&chunk| Ok::<_, Infallible>(Bytes::from_static(chunk))).collect();
        Body::from_stream(futures::stream::iter(chunks))
    }

    async fn unpacked(packed: Vec<u8>, room: &Room, most: usize) -> Result<Unpacked, Trouble> {
        read(&self::packed(), Body::from(packed), room, 64 * KIB, later()).await?.unpack(most)
    }

    #[tokio::test]
    async fn a_body_is_read_whole_and_its_room_given_back() {
        let room = Room::new(64 * KIB);
        let sent = read(&HeaderMap::new(), Body::from("words"), &room, KIB, later()).await.unwrap();
        assert_eq!(sent.bytes(), b"words");
        assert_eq!(room.taken(), 5, "what is told is taken, no more");
        let read_in = sent.unpack(0).unwrap();
        assert_eq!(read_in.bytes, "words");
        drop(read_in);
        assert_eq!(room.taken(), 0);
        let sent = read(&HeaderMap::new(), chunks(&[b"wo", b"", b"rds"]), &room, KIB, later()).await.unwrap();
        assert_eq!(sent.bytes(), b"words");
        assert_eq!(room.taken(), KIB, "what is not told grows to its limit at most");
    }

    #[tokio::test]
    async fn more_than_allowed_is_refused_told_or_not() {
        let room = Room::new(64 * KIB);
        let told = read(&HeaderMap::new(), Body::from("words"), &room, 4, later()).await;
        assert!(matches!(told, Err(Trouble::TooLarge { most: 4 })));
        let streamed = read(&HeaderMap::new(), chunks(&[b"wor", b"ds"]), &room, 4, later()).await;
        assert!(matches!(streamed, Err(Trouble::TooLarge { most: 4 })));
        assert_eq!(room.taken(), 0);
    }

    #[tokio::test]
    async fn without_room_nothing_is_read() {
        let room = Room::new(6);
        let held = read(&HeaderMap::new(), Body::from("words"), &room, 5, later()).await.unwrap();
        for body in [Body::from("no"), chunks(&[b"no"])] {
            let read = read(&HeaderMap::new(), body, &room, 5, later()).await;
            assert!(matches!(read, Err(Trouble::OverCapacity { .. })));
        }
        drop(held);
        read(&HeaderMap::new(), Body::from("yes"), &room, 5, later()).await.unwrap();
    }

    #[tokio::test]
    async fn who_sends_too_slowly_is_told_so() {
        let room = Room::new(64 * KIB);
        let endless = Body::from_stream(futures::stream::pending::<Result<Bytes, Infallible>>());
        let read = read(&HeaderMap::new(), endless, &room, KIB, Instant::now()).await;
        assert!(matches!(read, Err(Trouble::Slow)));
        assert_eq!(room.taken(), 0);
    }

    /// A body that tells a length, of which so much has come.
    struct Begun {
        tells: u64,
        come: Option<Bytes>,
    }

    impl HttpBody for Begun {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.come.take().map_or(Poll::Pending, |come| Poll::Ready(Some(Ok(Frame::data(come)))))
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.tells)
        }
    }

    #[tokio::test]
    async fn what_is_told_takes_no_room_from_who_is_not_known() {
        let (room, headers) = (Room::new(64 * KIB), HeaderMap::new());
        let begun = |come| Body::new(Begun { tells: 64 * KIB as u64, come });
        {
            let known = read(&headers, begun(None), &room, 64 * KIB, later());
            tokio::pin!(known);
            assert!(futures::poll!(known.as_mut()).is_pending());
            assert_eq!(room.taken(), 64 * KIB);
        }
        let silent = read_as_it_comes(&headers, begun(None), &room, 64 * KIB, later());
        tokio::pin!(silent);
        assert!(futures::poll!(silent.as_mut()).is_pending());
        assert_eq!(room.taken(), 0);
        let come = Some(Bytes::from_static(b"words"));
        let slow = read_as_it_comes(&headers, begun(come), &room, 64 * KIB, later());
        tokio::pin!(slow);
        assert!(futures::poll!(slow.as_mut()).is_pending());
        assert_eq!(room.taken(), STEP, "for what has come, and a little ahead");
        let whole = read_as_it_comes(&headers, Body::from("words"), &room, KIB, later()).await.unwrap();
        assert_eq!((whole.bytes(), room.taken()), (&b"words"[..], STEP + 5), "never more than is told");
    }

    #[tokio::test]
    async fn who_breaks_off_has_sent_nothing() {
        let room = Room::new(64 * KIB);
        let broken =
            futures::stream::iter([Ok(Bytes::from_static(b"{}")), Err(std::io::Error::other("gone"))]);
        let read = read(&HeaderMap::new(), Body::from_stream(broken), &room, KIB, later()).await;
        assert!(matches!(read, Err(Trouble::BrokenOff)));
    }

    #[tokio::test]
    async fn packed_bodies_unpack_also_in_several_members() {
        let room = Room::new(256 * KIB);
        let text = "words and more words ".repeat(1_000);
        let one = unpacked(gzip(text.as_bytes()), &room, 64 * KIB).await.unwrap();
        assert_eq!(one.bytes, text);
        let members = [gzip(b"wo"), gzip(b""), gzip(b"rds")].concat();
        assert_eq!(unpacked(members, &room, 64 * KIB).await.unwrap().bytes, "words");
    }

    #[tokio::test]
    async fn a_bomb_is_stopped_while_it_unpacks() {
        let room = Room::new(256 * KIB);
        let bomb = gzip(&vec![b' '; 8 << 20]);
        assert!(bomb.len() < 16 * KIB);
        let refused = unpacked(bomb.clone(), &room, 64 * KIB).await;
        assert!(matches!(refused, Err(Trouble::TooLarge { most }) if most == 64 * KIB));
        // By the room as well, where the limit would let it pass.
        let held = read(&HeaderMap::new(), Body::from(vec![0; 128 * KIB]), &room, 128 * KIB, later()).await;
        let refused = unpacked(bomb, &room, 200 * KIB).await;
        assert!(matches!(refused, Err(Trouble::OverCapacity { .. })));
        drop(held);
        assert_eq!(room.taken(), 0);
    }

    #[tokio::test]
    async fn what_is_not_gzip_or_breaks_off_is_refused() {
        let room = Room::new(256 * KIB);
        let mut cut = gzip(b"words");
        cut.truncate(cut.len() - 3);
        let surplus = [gzip(b"words"), b"surplus".to_vec()].concat();
        for packed in [b"{}".to_vec(), cut, surplus] {
            assert!(matches!(unpacked(packed, &room, KIB).await, Err(Trouble::NotGzip)));
        }
    }

    #[test]
    fn encodings_are_gzip_or_none() {
        let of = |value: &'static str| {
            Encoding::of(&HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert_eq!(Encoding::of(&HeaderMap::new()).unwrap(), Encoding::Plain);
        assert_eq!(of("identity").unwrap(), Encoding::Plain);
        assert_eq!(of("GZIP").unwrap(), Encoding::Gzip);
        assert_eq!(of("x-gzip, identity").unwrap(), Encoding::Gzip);
        for other in ["br", "deflate", "zstd", "gzip, gzip"] {
            assert!(matches!(of(other), Err(Trouble::Encoding)), "{other}");
        }
    }
}
