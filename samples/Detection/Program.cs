// Trains a small Mask R-CNN on drawn shapes in clutter under several seeds, and reports what it finds in scenes that it has not seen; or
// runs a checkpoint of torchvision on pictures of the user's.

using DetectionSample;

return Demo.Run(args);
