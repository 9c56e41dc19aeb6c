
use builtin;
use str;

set edit:completion:arg-completer[gantei] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'gantei'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'gantei'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand predict 'Run models on photographs and folders'
            cand explain 'Write the raw map of what moved a score'
            cand models 'List the models, check what is stored, or remove one'
            cand devices 'Try every engine and device'
            cand runtime 'The ONNX Runtime library'
            cand import 'Import a Keras file into the model library'
            cand check-import 'Find the preprocessing of a model on images with known labels'
            cand verify 'Compare a model with what Keras gave for the same input tensor'
            cand draw 'Draw fundus photographs by computer'
            cand completions 'Write completions for a shell, or the manual page, to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gantei;predict'= {
            cand --model 'Id of a model in the library, or a Keras file; may be repeated'
            cand --saliency 'What moved the score'
            cand --device 'auto, embedded, cpu, cuda, tensorrt, directml, coreml, openvino, webgpu, migraphx or xnnpack'
            cand --eye 'The eye of every photograph given: OD (right) or OS (left)'
            cand --frame 'Frame of a multi-frame DICOM file, from 1'
            cand --persons 'Who is whose: none groups nobody, file-names takes the persons that file names suggest; without it persons of DICOM files count, and file names give only person_guess'
            cand --out 'Folder for results.csv, results_full.csv, people.csv, results.json and overlays; nothing is written without it'
            cand --accept-any-picture 'Use pictures that do not look like fundus photographs all the same'
            cand --mask-names 'Put numbers in place of file names, everywhere'
            cand --again 'Begin anew, even where a stopped run of the same command could be resumed'
            cand --json 'One JSON document on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;explain'= {
            cand --tensor 'A network input as Keras takes it: NHWC float32, any batch'
            cand --model 'Id of a model in the library, or a Keras file'
            cand --method 'grad-cam, score-cam, hires-cam, layer-cam, integrated-gradients, smooth-grad, occlusion or input-gradient'
            cand --layer 'Layer of a class activation map by its name in Keras; the last feature map without it'
            cand --target 'One output by its number, from 0, before the last activation'
            cand --steps 'Channels of greatest energy for score-cam (100), steps for integrated-gradients (50), samples for smooth-grad (50) or patches along the longer side of the network''s input for occlusion (16)'
            cand --baseline 'black, blur or mean: what shows nothing, for score-cam (black), integrated-gradients (black) and occlusion (mean)'
            cand --seed 'Seed of smooth-grad''s noise, and of the controls'' shuffles and random areas (0)'
            cand --controls 'Run the controls on the map: all, or some of hiding, weights and stability'
            cand --disc 'Centre of the optic disc in pixels of the upright photograph'
            cand --fovea 'The fovea in pixels of the upright photograph'
            cand --random-areas 'Random areas of equal size that are hidden beside each region'
            cand --fill 'What the controls hide with: blur, mean or black'
            cand --device 'Device, as for predict'
            cand --out 'Folder for the maps'
            cand --regions 'Evidence by anatomy: the share of disc, peripapillary ring, macula, arcades, rest and outside, and the answer with each of them hidden; into the field regions of the JSON'
            cand --accept-any-picture 'Use pictures that do not look like fundus photographs all the same'
            cand --mask-names 'Put numbers in place of file names, everywhere'
            cand --json 'One JSON document on standard output'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gantei;models'= {
            cand --remove 'Take an imported model out of the library'
            cand --check 'Read every stored model through and compare with its checksums; one that ships with the application is restored'
            cand --json 'One JSON document on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;devices'= {
            cand --json 'One JSON document on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;runtime'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand install 'Put an ONNX Runtime library where the application looks for it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gantei;runtime;install'= {
            cand --accept 'Take a file whose checksum is not pinned'
            cand --json 'One JSON document on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;runtime;help'= {
            cand install 'Put an ONNX Runtime library where the application looks for it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gantei;runtime;help;install'= {
        }
        &'gantei;runtime;help;help'= {
        }
        &'gantei;import'= {
            cand --id 'Name of the model in the library'
            cand --card 'A model card or a filled-in draft'
            cand --preset 'joir-efficientnet-b7, joir-mobilenet, joir-age or joir-other'
            cand --input-size 'Height and width of the network''s input, where the file leaves them open'
            cand --head 'sigmoid, softmax or linear'
            cand --architecture 'For weights alone whose network is not recognised: its name in Keras applications, such as EfficientNetB7'
            cand --hidden-activation 'For weights alone: activation of the dense layers before the last, relu or linear'
            cand --imagenet-rescaling 'For the weights of an EfficientNet alone: whether it began with the weights of ImageNet, yes or no'
            cand --pooling 'For weights alone: what stands behind the last feature map, avg, max or flatten'
            cand --head-norm 'For weights alone with a batch norm behind a hidden dense layer: before-activation or after-activation'
            cand --norm-epsilon 'For weights alone with a batch norm in the head: its epsilon (Keras: 0.001)'
            cand --scaling 'raw, unit, tf, torch or custom'
            cand --mean 'For custom scaling: three means on the scale 0–1'
            cand --std 'For custom scaling: three standard deviations on the scale 0–1'
            cand --colour 'rgb or bgr'
            cand --resize 'pil-nearest, pil-bilinear, pil-bicubic, tf-bilinear or cv2-linear'
            cand --crop 'stretch, pad, square or masked'
            cand --labels 'Labels of output 0 and output 1'
            cand --threshold 'Operating threshold on the score, 0–1'
            cand --task 'sex, age or other'
            cand --value-scale 'For a network that was trained on changed values: value = A × output + offset, such as 100 for ages in hundreds'
            cand --value-offset 'For a network that was trained on changed values: value = scale × output + B'
            cand --value-range 'Lowest and highest value that the model was trained on; others get a finding'
            cand --draft 'Write what is known as a card draft and store nothing'
            cand --replace 'Replace the model that has this id in the library'
            cand --json 'One JSON document on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;check-import'= {
            cand --labels 'Table of labels (CSV): columns image and sex, age or label; person, where known'
            cand --columns 'Columns of the table, such as image=NAME,person=NAME,sex=NAME (or age, label); #3 is the third one. Several for image where a row tells of several photographs'
            cand --values 'What values of the table mean, such as 1=male,2=female; VALUE=- leaves its rows out'
            cand --apply 'Change what the labels settle in the card of a model in the library: it stays as it is where its setting is among the best. With a number the setting of that row is written'
            cand --label-order 'For a setting under which the order of the labels is flipped: keep or swap them in the card'
            cand --out 'Folder for check.json, check.csv and check-scores.csv; nothing is written without it'
            cand --device 'Device, as for predict'
            cand --ignore-leading-zeros 'Match names of digits alone without their leading zeros, which spreadsheets drop'
            cand --full 'Run every setting; without it resize kernels are tried for the best few only'
            cand --accept-any-picture 'Use pictures that do not look like fundus photographs all the same'
            cand --mask-names 'Put numbers in place of file names, everywhere; rows of the table by their line'
            cand --json 'One JSON document on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;verify'= {
            cand --input 'The network''s input as Keras takes it: NHWC float32'
            cand --expected 'What Keras gave for it'
            cand --tolerance 'Largest absolute error'
            cand --device 'Device, as for predict'
            cand --id 'Name of the model in the library'
            cand --card 'A model card or a filled-in draft'
            cand --preset 'joir-efficientnet-b7, joir-mobilenet, joir-age or joir-other'
            cand --input-size 'Height and width of the network''s input, where the file leaves them open'
            cand --head 'sigmoid, softmax or linear'
            cand --architecture 'For weights alone whose network is not recognised: its name in Keras applications, such as EfficientNetB7'
            cand --hidden-activation 'For weights alone: activation of the dense layers before the last, relu or linear'
            cand --imagenet-rescaling 'For the weights of an EfficientNet alone: whether it began with the weights of ImageNet, yes or no'
            cand --pooling 'For weights alone: what stands behind the last feature map, avg, max or flatten'
            cand --head-norm 'For weights alone with a batch norm behind a hidden dense layer: before-activation or after-activation'
            cand --norm-epsilon 'For weights alone with a batch norm in the head: its epsilon (Keras: 0.001)'
            cand --scaling 'raw, unit, tf, torch or custom'
            cand --mean 'For custom scaling: three means on the scale 0–1'
            cand --std 'For custom scaling: three standard deviations on the scale 0–1'
            cand --colour 'rgb or bgr'
            cand --resize 'pil-nearest, pil-bilinear, pil-bicubic, tf-bilinear or cv2-linear'
            cand --crop 'stretch, pad, square or masked'
            cand --labels 'Labels of output 0 and output 1'
            cand --threshold 'Operating threshold on the score, 0–1'
            cand --task 'sex, age or other'
            cand --value-scale 'For a network that was trained on changed values: value = A × output + offset, such as 100 for ages in hundreds'
            cand --value-offset 'For a network that was trained on changed values: value = scale × output + B'
            cand --value-range 'Lowest and highest value that the model was trained on; others get a finding'
            cand --json 'One JSON document on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;draw'= {
            cand --count 'Number of eyes'
            cand --seed 'Seed: the same seed gives the same bytes'
            cand --size 'Side in pixels, or width and height'
            cand --format 'png or jpg'
            cand --out 'Folder for images, labels.csv and signs.json'
            cand --json 'One JSON document on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;completions'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;help'= {
            cand predict 'Run models on photographs and folders'
            cand explain 'Write the raw map of what moved a score'
            cand models 'List the models, check what is stored, or remove one'
            cand devices 'Try every engine and device'
            cand runtime 'The ONNX Runtime library'
            cand import 'Import a Keras file into the model library'
            cand check-import 'Find the preprocessing of a model on images with known labels'
            cand verify 'Compare a model with what Keras gave for the same input tensor'
            cand draw 'Draw fundus photographs by computer'
            cand completions 'Write completions for a shell, or the manual page, to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gantei;help;predict'= {
        }
        &'gantei;help;explain'= {
        }
        &'gantei;help;models'= {
        }
        &'gantei;help;devices'= {
        }
        &'gantei;help;runtime'= {
            cand install 'Put an ONNX Runtime library where the application looks for it'
        }
        &'gantei;help;runtime;install'= {
        }
        &'gantei;help;import'= {
        }
        &'gantei;help;check-import'= {
        }
        &'gantei;help;verify'= {
        }
        &'gantei;help;draw'= {
        }
        &'gantei;help;completions'= {
        }
        &'gantei;help;help'= {
        }
    ]
    $completions[$command]
}
