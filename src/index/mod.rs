//! Finds text: exact for any Han substring and for Latin words; knows no taxonomy.
