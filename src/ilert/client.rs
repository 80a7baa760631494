//! Posts events and says what ilert's answer means.
