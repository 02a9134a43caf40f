//! Values by the hour, of which only those are held that are not nothing: most series are of a few reports over months.

use std::ops::Range;

/// In the order of the hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Hourly<T>(Vec<(u32, T)>);

impl<T> Default for Hourly<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + Default + PartialEq> FromIterator<T> for Hourly<T> {
    /// One hour after the other.
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let told = all.into_iter().enumerate().filter(|(_, value)| *value != T::default());
        Self(told.map(|(hour, value)| (hour as u32, value)).collect())
    }
}

impl<T: Copy + Default> Hourly<T> {
    /// Nothing where nothing was told.
    #[must_use]
    pub fn at(&self, hour: usize) -> T {
        self.place(hour).map_or_else(|_| T::default(), |place| self.0[place].1)
    }

    /// To be told; in the order of the hours that costs least.
    pub fn at_mut(&mut self, hour: usize) -> &mut T {
        let place = match self.0.last() {
            Some((last, _)) if *last as usize >= hour => self.place(hour),
            _ => Err(self.0.len()),
        };
        let place = place.unwrap_or_else(|place| {
            self.0.insert(place, (hour as u32, T::default()));
            place
        });
        &mut self.0[place].1
    }

    /// Those that were told, with their hours.
    pub fn iter(&self) -> impl Iterator<Item = (usize, T)> {
        self.0.iter().map(|(hour, value)| (*hour as usize, *value))
    }

    /// Those of them that lie within some hours.
    pub fn within(&self, hours: Range<usize>) -> impl Iterator<Item = T> {
        let place = |hour: usize| self.0.partition_point(|(told, _)| (*told as usize) < hour);
        self.0[place(hours.start)..place(hours.end)].iter().map(|(_, value)| *value)
    }

    /// All of so many hours.
    #[must_use]
    pub fn dense(&self, hours: usize) -> Vec<T> {
        let mut dense = vec![T::default(); hours];
        self.iter().take_while(|(hour, _)| *hour < hours).for_each(|(hour, value)| dense[hour] = value);
        dense
    }

    fn place(&self, hour: usize) -> Result<usize, usize> {
        self.0.binary_search_by_key(&hour, |(told, _)| *told as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_as_if_all_hours_were_held(
            told in prop::collection::vec((0_usize..40, 1_u32..9), 0..60),
            hours in (0_usize..42, 0_usize..42),
        ) {
            let (mut hourly, mut dense) = (Hourly::default(), vec![0; 42]);
            for (hour, value) in told {
                *hourly.at_mut(hour) += value;
                dense[hour] += value;
            }
            prop_assert_eq!(hourly.dense(42), dense.clone());
            prop_assert!((0..42).all(|hour| hourly.at(hour) == dense[hour]));
            let hours = hours.0.min(hours.1)..hours.0.max(hours.1);
            prop_assert_eq!(hourly.within(hours.clone()).sum::<u32>(), dense[hours].iter().sum::<u32>());
            prop_assert_eq!(dense.into_iter().collect::<Hourly<u32>>(), hourly);
        }
    }
}
