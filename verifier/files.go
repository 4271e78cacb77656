package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// Folder is a record copy on disk: its plain files by their names with "/". Links are no part of it.
type Folder struct {
	names []string
	paths map[string]string
	// failed is the first error of the disk, not of the copy.
	failed error
}

// openFolder lists the plain files below a folder, sorted by the bytes of their names.
func openFolder(root string) (*Folder, error) {
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(root); err != nil || !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: root, Err: fs.ErrInvalid}
	}
	folder := &Folder{paths: map[string]string{}}
	err = filepath.WalkDir(root, func(path string, item fs.DirEntry, err error) error {
		if err != nil || !item.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(root, path)
		name = filepath.ToSlash(name)
		folder.names = append(folder.names, name)
		folder.paths[name] = path
		return err
	})
	sort.Strings(folder.names)
	return folder, err
}

// has says whether the copy has a file of this name.
func (f *Folder) has(name string) bool {
	_, found := f.paths[name]
	return found
}

// read gives a file's bytes, but never more than most+1 of them: enough to see that it is too long.
func (f *Folder) read(name string, most int) ([]byte, bool) {
	file := f.open(name)
	if file == nil {
		return nil, false
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, int64(most)+1))
	f.keep(err)
	return data, true
}

// open gives a file to read from, nil when the copy has none of this name.
func (f *Folder) open(name string) io.ReadCloser {
	path, found := f.paths[name]
	if !found {
		return nil
	}
	file, err := os.Open(path)
	f.keep(err)
	if err != nil {
		return nil
	}
	return file
}

func (f *Folder) keep(err error) {
	if f.failed == nil {
		f.failed = err
	}
}
