package main

import "strings"

const bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// isRecipient says whether a text that begins with "age1" and has 58 characters of the alphabet
// behind it is 32 bytes in Bech32 (BIP 173).
func isRecipient(text string) bool {
	check := uint32(1)
	step := func(value uint32) {
		top := check >> 25
		check = check&0x1ffffff<<5 ^ value
		for at, factor := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>at&1 == 1 {
				check ^= factor
			}
		}
	}
	prefix, rest := text[:3], text[4:]
	for _, char := range prefix {
		step(uint32(char) >> 5)
	}
	step(0)
	for _, char := range prefix {
		step(uint32(char) & 31)
	}
	var last uint32
	for at, char := range rest {
		value := uint32(strings.IndexRune(bech32Alphabet, char))
		step(value)
		if at == 51 {
			last = value // 52 groups of five bits are 32 bytes and four bits that must be zero
		}
	}
	return check == 1 && last&0xf == 0
}
