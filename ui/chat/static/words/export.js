// Words of the export of a conversation. Out: {en, id} with the same keys.
export const words = {
  en: {
    'export.markdown': 'Export as Markdown',
    'export.json': 'Export as JSON',
    'export.done': 'Saved as {name}',
    'export.failed': 'It could not be exported: {why}',
    'export.untitled': 'Conversation',
  },
  id: {
    'export.markdown': 'Ekspor sebagai Markdown',
    'export.json': 'Ekspor sebagai JSON',
    'export.done': 'Disimpan sebagai {name}',
    'export.failed': 'Tidak dapat diekspor: {why}',
    'export.untitled': 'Percakapan',
  },
};
