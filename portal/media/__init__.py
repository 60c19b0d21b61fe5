"""Files and images: opened within limits, drawn again, kept whole; and PDF documents."""
