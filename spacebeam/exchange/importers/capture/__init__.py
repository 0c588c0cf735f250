"""Importer of captured packets: pcapng and pcap, read only."""
