// Independent answers for the tests of our ledger, by golang.org/x/mod/sumdb and
// github.com/transparency-dev/formats.
//
//	go run . vectors DIR          makes the known answers of src/test/resources/ledger
//	go run . log DIR VKEY         verifies every entry of a log on disk
//	go run . proof FILE VKEY POLICY ENTRY   verifies a .tlog-proof
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/formats/witness"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "ledgercheck:", err)
		os.Exit(1)
	}
}

func read(path ...string) []byte {
	data, err := os.ReadFile(filepath.Join(path...))
	must(err)
	return data
}

func main() {
	switch os.Args[1] {
	case "vectors":
		vectors(os.Args[2])
	case "log":
		checkLog(os.Args[2], os.Args[3])
	case "proof":
		checkProof(os.Args[2], os.Args[3], os.Args[4], os.Args[5])
	}
}

// files reads tiles where C2SP tlog-tiles has them.
type files struct{ dir string }

func (f files) Height() int { return 8 }

func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		data, err := os.ReadFile(filepath.Join(f.dir, "tile", t.Path()[len("tile/8/"):]))
		if err != nil {
			whole := t
			whole.W = 256
			data, err = os.ReadFile(filepath.Join(f.dir, "tile", whole.Path()[len("tile/8/"):]))
			if err != nil {
				return nil, err
			}
			data = data[:t.W*tlog.HashSize]
		}
		all = append(all, data)
	}
	return all, nil
}

func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

func openCheckpoint(data []byte, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	opened, err := note.Open(data, note.VerifierList(verifier))
	must(err)
	var origin, root string
	var tree tlog.Tree
	_, err = fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &tree.N, &root)
	must(err)
	tree.Hash, err = tlog.ParseHash(root)
	must(err)
	if origin != verifier.Name() {
		must(fmt.Errorf("origin %q, key of %q", origin, verifier.Name()))
	}
	return tree
}

func checkLog(dir, vkey string) {
	tree := openCheckpoint(read(dir, "checkpoint"), vkey)
	hashes := tlog.TileHashReader(tree, files{dir})
	for first := int64(0); first < tree.N; first += 256 {
		t := tlog.Tile{H: 8, L: -1, N: first / 256, W: int(min(256, tree.N-first))}
		path := "entries" + t.Path()[len("tile/8/data"):]
		bundle := read(dir, "tile", path)
		for i := first; i < first+int64(t.W); i++ {
			length := int(binary.BigEndian.Uint16(bundle))
			entry := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			record, err := tlog.ProveRecord(tree.N, i, hashes)
			must(err)
			must(tlog.CheckRecord(record, tree.N, tree.Hash, i, tlog.RecordHash(entry)))
		}
	}
	fmt.Println("verified", tree.N)
}

func checkProof(file, vkey, policy, entry string) {
	var p proof.TLogProof
	must(p.Unmarshal(read(file)))
	tree := openCheckpoint(p.Checkpoint, vkey)
	var path tlog.RecordProof
	for _, h := range p.Hashes {
		path = append(path, h)
	}
	must(tlog.CheckRecord(path, tree.N, tree.Hash, int64(p.Index), tlog.RecordHash(read(entry))))
	group, err := witness.ParsePolicy(read(policy))
	must(err)
	if !group.Satisfied(p.Checkpoint) {
		must(fmt.Errorf("no quorum"))
	}
	fmt.Println("verified", p.Index)
}

func entry(i int64) []byte { return []byte(fmt.Sprintf("entry %d", i)) }

func seed(of string) []byte {
	sum := sha256.Sum256([]byte(of))
	return sum[:]
}

func keyed(name string, kind byte) (skey, vkey string) {
	private := ed25519.NewKeyFromSeed(seed(name))
	public := append([]byte{kind}, private.Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256(append([]byte(name+"\n"), public...))
	b64 := base64.StdEncoding.EncodeToString
	vkey = fmt.Sprintf("%s+%x+%s", name, sum[:4], b64(public))
	sum1 := sha256.Sum256(append([]byte(name+"\n\x01"), public[1:]...))
	skey = fmt.Sprintf("PRIVATE+KEY+%s+%x+%s", name, sum1[:4], b64(append([]byte{1}, seed(name)...)))
	return skey, vkey
}

func vectors(dir string) {
	const size = 70000
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, hashes[i])
		}
		return out, nil
	})
	for i := int64(0); i < size; i++ {
		stored, err := tlog.StoredHashes(i, entry(i), reader)
		must(err)
		hashes = append(hashes, stored...)
	}
	must(os.WriteFile(filepath.Join(dir, "tlog.txt"), trees(reader), 0o644))
	notes(dir, size, reader)
}

func trees(reader tlog.HashReader) []byte {
	var b bytes.Buffer
	for _, n := range []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 256, 257, 511, 512, 513, 65535, 65536, 65537, 70000} {
		root, err := tlog.TreeHash(n, reader)
		must(err)
		fmt.Fprintln(&b, "root", n, root)
	}
	for _, p := range [][2]int64{{1, 0}, {2, 1}, {7, 6}, {9, 8}, {256, 255}, {257, 0}, {257, 256}, {513, 300}, {70000, 0}, {70000, 255}, {70000, 65536}, {70000, 69999}} {
		hashes, err := tlog.ProveRecord(p[0], p[1], reader)
		must(err)
		line(&b, "inclusion", p, hashes)
	}
	for _, p := range [][2]int64{{2, 1}, {3, 2}, {7, 4}, {8, 6}, {9, 3}, {257, 255}, {257, 256}, {513, 300}, {70000, 1}, {70000, 256}, {70000, 65536}, {70000, 65537}, {70000, 69999}} {
		hashes, err := tlog.ProveTree(p[0], p[1], reader)
		must(err)
		line(&b, "consistency", p, hashes)
	}
	for _, size := range []int64{256, 70000} {
		for _, t := range tlog.NewTiles(8, 0, size) {
			data, err := tlog.ReadTileData(t, reader)
			must(err)
			sum := sha256.Sum256(data)
			fmt.Fprintf(&b, "tile %d tile/%s %s\n", size, t.Path()[len("tile/8/"):], base64.StdEncoding.EncodeToString(sum[:]))
		}
	}
	return b.Bytes()
}

func line(b *bytes.Buffer, what string, p [2]int64, hashes []tlog.Hash) {
	fmt.Fprint(b, what, " ", p[0], " ", p[1])
	for _, h := range hashes {
		fmt.Fprint(b, " ", h)
	}
	fmt.Fprintln(b)
}

func notes(dir string, size int64, reader tlog.HashReader) {
	const origin = "corp.example/beringia/east-1/issuance/0011223344556677"
	skey, vkey := keyed(origin, 1)
	signer, err := note.NewSigner(skey)
	must(err)
	witnessSkey, witnessVkey := keyed("corp.example/beringia/west-1/witness", 4)
	cosigner, err := fnote.NewSignerForCosignatureV1(witnessSkey)
	must(err)
	root, err := tlog.TreeHash(size, reader)
	must(err)
	checkpoint, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", origin, size, root)}, signer, cosigner)
	must(err)
	path, err := tlog.ProveRecord(size, 300, reader)
	must(err)
	p := proof.TLogProof{Index: 300, Checkpoint: checkpoint, ExtraData: entry(300)}
	for _, h := range path {
		p.Hashes = append(p.Hashes, h)
	}
	policy := "log " + vkey + "\nwitness west " + witnessVkey + " http://127.0.0.1:15039/\nquorum west\n"
	must(os.WriteFile(filepath.Join(dir, "policy.txt"), []byte(policy), 0o644))
	must(os.WriteFile(filepath.Join(dir, "checkpoint"), checkpoint, 0o644))
	must(os.WriteFile(filepath.Join(dir, "entry-300.tlog-proof"), p.Marshal(), 0o644))
}
