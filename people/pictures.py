"""Pillow with HEIF, for `people.photos`: loaded with the first picture, for it takes 7 MB of each server process."""

import pillow_heif
from PIL import Image, ImageCms, ImageFile, ImageOps

__all__ = ["Image", "ImageCms", "ImageFile", "ImageOps"]

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
