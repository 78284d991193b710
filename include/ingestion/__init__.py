"""Every number, in few calls: which days to read, who reads them, what came, and where it is kept."""
