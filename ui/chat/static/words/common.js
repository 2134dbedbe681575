// Words that several views use.

export const words = {
  en: {
    'common.close': 'Close',
    'common.cancel': 'Cancel',
    'common.delete': 'Delete',
    'common.retry': 'Try again',
    'common.copied': 'Copied',
    'common.copy-failed': 'The browser did not allow copying.',
    'common.skip': 'Skip to the content',
    'common.broken-view': 'This part of the page could not be opened. Reload the page; if it stays, restart the server.',
    'common.unreachable': 'The server does not answer. Check that it is running, then try again.',
    'common.connection': 'The connection to the server was lost. The page loads again by itself when it is back.',
    'common.unnamed-source': 'Unnamed source',
    'common.undated': 'no date',
  },
  id: {
    'common.close': 'Tutup',
    'common.cancel': 'Batal',
    'common.delete': 'Hapus',
    'common.retry': 'Coba lagi',
    'common.copied': 'Tersalin',
    'common.copy-failed': 'Peramban tidak mengizinkan penyalinan.',
    'common.skip': 'Langsung ke isi',
    'common.broken-view': 'Bagian halaman ini tidak dapat dibuka. Muat ulang halaman; bila tetap begitu, jalankan ulang server.',
    'common.unreachable': 'Server tidak menjawab. Pastikan server berjalan, lalu coba lagi.',
    'common.connection': 'Sambungan ke server terputus. Halaman dimuat ulang sendiri saat server kembali.',
    'common.unnamed-source': 'Sumber tanpa nama',
    'common.undated': 'tanpa tanggal',
  },
};
