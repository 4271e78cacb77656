package main

import (
	"bytes"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileWidth = 256
	frameMost = 2 + 65535
)

// tilePath is "tile/<level>/<index>", the index in groups of three digits (c2sp.org/tlog-tiles).
func tilePath(level string, index, width int64) string {
	path := fmt.Sprintf("%03d", index%1000)
	for index >= 1000 {
		index /= 1000
		path = fmt.Sprintf("x%03d/%s", index%1000, path)
	}
	path = "tile/" + level + "/" + path
	if width < tileWidth {
		path += fmt.Sprintf(".p/%d", width)
	}
	return path
}

// widthOf is how many items the tile of an index holds in a row of size.
func widthOf(index, size int64) int64 {
	if rest := size - index*tileWidth; rest < tileWidth {
		return rest
	}
	return tileWidth
}

// bundle is one file of leaves; withholding says that it may hold leaf hashes in their place.
type bundle struct {
	leaves      [][]byte
	withholding bool
}

// readBundle reads the leaves of one bundle of a log of size.
func readBundle(files *Folder, log string, index, size int64) (read bundle, problem *Problem) {
	width := widthOf(index, size)
	whole := log + "/" + tilePath("entries", index, width)
	name := whole
	if !files.has(name) {
		name = log + "/" + tilePath("headers", index, width)
		read.withholding = true
	}
	data, found := files.read(name, int(width)*frameMost)
	if !found {
		return read, refuse("bundle-missing", whole, "", "every entry")
	}
	for len(data) > 0 {
		length := 0
		if len(data) >= 2 {
			length = int(data[0])<<8 | int(data[1])
		}
		if length == 0 || len(data) < 2+length {
			return read, refuse("bundle-malformed", name, "", "entries behind their lengths")
		}
		read.leaves = append(read.leaves, data[2:2+length])
		data = data[2+length:]
	}
	if int64(len(read.leaves)) != width {
		return read, refuse("bundle-malformed", name, fmt.Sprint(len(read.leaves)), fmt.Sprint(width))
	}
	for _, leaf := range read.leaves {
		if !read.withholding && len(leaf) == tlog.HashSize {
			return read, refuse("bundle-malformed", name, "", "whole entries, none withheld")
		}
	}
	return read, nil
}

// bundleOf is the file that holds an entry of a log of size.
func bundleOf(files *Folder, log string, seq, size int64) string {
	index := seq / tileWidth
	width := widthOf(index, size)
	whole := log + "/" + tilePath("entries", index, width)
	public := log + "/" + tilePath("headers", index, width)
	if !files.has(whole) && files.has(public) {
		return public
	}
	return whole
}

// checkTiles asks that every hash tile of a tree is there and holds the tree's own hashes.
func checkTiles(files *Folder, log string, tree *Tree) *Problem {
	level := 0
	for count := tree.size; count > 0; count /= tileWidth {
		for index := int64(0); index*tileWidth < count; index++ {
			width := widthOf(index, count)
			name := log + "/" + tilePath(fmt.Sprint(level), index, width)
			data, found := files.read(name, int(width)*tlog.HashSize)
			if !found {
				return refuse("tile-missing", name, "", "a tile of every hash")
			}
			if !bytes.Equal(data, tree.row(level, index*tileWidth, width)) {
				return refuse("tile-differs", name, "", "the hashes of the entries")
			}
		}
		level++
	}
	return nil
}
