pub mod cells;
pub mod scan;
pub mod windows;
