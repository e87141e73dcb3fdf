"""What lists show: columns, rows held in memory, and windows on long lists."""
